// Counts use per module, customer, user and quarter of an hour, and keeps batches until the server has them.
import type { Storage } from './storage.js';

interface Entry { id: string; path: string; body: string }

/** The server's word on one request: it has it, it may want it later, it will never want it. */
export type Sent = 'done' | 'later' | 'refused';

const quarter = 9e5;

/** How much of what is unsent is kept, in characters, and how many events are in a batch. */
export type Bounds = [limit: number, events: number];

/** A page's: even forty events of the longest names are fewer than the 64 KB that a browser sends while its page closes, and a server takes from one. */
export const ofPage: Bounds = [500_000, 40];

/** People and modules counted at most before a batch is cut. */
const most = 1000;

/** 128 random bits. crypto.randomUUID exists on https pages only; getRandomValues everywhere. */
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

export class Outbox {
  private _counts = new Map<string, { count: number }>();
  private _entries: Entry[] = [];
  // Every entry this page ever had: what else is stored belongs to another page of the same person, and is left to it.
  private _seen = new Set<string>();
  private _sending: Promise<void> | undefined;

  constructor(private readonly _storage: Storage, private readonly _key: string, private readonly _bounds: Bounds, private readonly _post: (path: string, id: string, body: string, last: boolean) => Promise<Sent>, private readonly _report: (where: string, problem: unknown) => void) {
    this._entries = this._others();
    this._entries.forEach(({ id }) => this._seen.add(id));
  }

  private _others(): Entry[] {
    try {
      return JSON.parse(this._storage.get(this._key)!).filter(({ id, path, body }: Entry) => id && path && body && !this._seen.has(id));
    } catch {
      // None, or a damaged one.
      return [];
    }
  }

  count(module: string, customer: string | undefined, user: string | undefined, refused: boolean, now: number) {
    // A day begins on a quarter of an hour in every time zone; the server cuts days where each customer lives.
    const at = Math.floor(now / quarter) * quarter, key = JSON.stringify([at, module, customer, user, refused]);
    const event = this._counts.get(key) ?? { time: new Date(at).toISOString(), module, customer, user, count: 0, refused };
    event.count++;
    if (this._counts.set(key, event).size >= most) this._cut();
  }

  put(path: string, body: unknown, id = newKey()) {
    this._seen.add(id);
    this._entries.push({ id, path, body: JSON.stringify(body) });
    this._keep();
  }

  /** Makes batches of what was counted. */
  private _cut() {
    const events = [...this._counts.values()];
    this._counts.clear();
    while (events.length) {
      const batch = newKey();
      // Without sentAt: times are the server's already, and a batch that waits for days would look like a clock that is days slow.
      this.put('usage', { batch, events: events.splice(0, this._bounds[1]) }, batch);
    }
  }

  /** Sends what was counted and what waits, oldest first, until the server cannot take more now. `last`: the page is going away. */
  send(last = false): Promise<void> {
    this._cut();
    return (this._sending ??= this._sendAll(last).finally(() => (this._sending = undefined)));
  }

  private async _sendAll(last: boolean) {
    while (this._entries.length) {
      const entry = this._entries[0];
      if ((await this._post(entry.path, entry.id, entry.body, last)) === 'later') return;
      this._entries = this._entries.filter((other) => other !== entry);
      this._keep();
    }
  }

  private _keep() {
    while (this._entries[1] && JSON.stringify(this._entries).length > this._bounds[0]) {
      this._entries.shift();
      this._report('outbox', 'full');
    }
    try {
      this._storage.set(this._key, JSON.stringify([...this._others(), ...this._entries]));
    } catch { /* full or forbidden: memory still has it */ }
  }
}
