// Counts use per module, customer, user and quarter of an hour, and keeps batches until the server has them.
import type { Storage } from './storage.js';

interface Entry { id: string; path: string; body: string }

/** The server's word on one request: it has it, it may want it later, it will never want it. */
export type Sent = 'done' | 'later' | 'refused';

const quarter = 9e5;

/** crypto.randomUUID exists on https pages only; getRandomValues everywhere. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((byte, i) => ([4, 6, 8, 10].includes(i) ? '-' : '') + (byte + 256).toString(16).slice(1)).join('');
}

export class Outbox {
  private counts = new Map<string, number>();
  private entries: Entry[] = [];
  private sending: Promise<void> | undefined;

  constructor(private readonly storage: Storage, private readonly key: string, private readonly limit: number, private readonly post: (path: string, id: string, body: string, last: boolean) => Promise<Sent>) {
    try {
      const kept = JSON.parse(storage.get(key) ?? '[]');
      if (Array.isArray(kept)) this.entries = kept.filter((entry) => typeof entry?.id === 'string' && typeof entry.path === 'string' && typeof entry.body === 'string');
    } catch { /* a damaged outbox is an empty one */ }
  }

  count(module: string, customer: string, user: string, refused: boolean, now: number) {
    // A day begins on a quarter of an hour in every time zone; the server cuts days where each customer lives.
    const key = JSON.stringify([Math.floor(now / quarter) * quarter, module, customer, user, refused]);
    if (this.counts.size < 5000 || this.counts.has(key)) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  put(path: string, body: unknown, id = uuid()) {
    this.entries.push({ id, path, body: JSON.stringify(body) });
    this.keep();
  }

  /** Makes a batch of what was counted. */
  cut(now: number) {
    if (!this.counts.size) return;
    const events = [...this.counts].map(([key, count]) => {
      const [time, module, customer, user, refused] = JSON.parse(key);
      return { time: new Date(time).toISOString(), module, customer, user, count, refused };
    });
    this.counts.clear();
    const batch = uuid();
    this.put('usage', { batch, sentAt: new Date(now).toISOString(), events }, batch);
  }

  /** Sends what waits, oldest first, until the server cannot take more now. `last`: the page is going away. */
  send(last = false): Promise<void> {
    return (this.sending ??= this.sendAll(last).finally(() => (this.sending = undefined)));
  }

  private async sendAll(last: boolean) {
    while (this.entries.length) {
      const entry = this.entries[0];
      if ((await this.post(entry.path, entry.id, entry.body, last)) === 'later') return;
      this.entries = this.entries.filter((other) => other !== entry);
      this.keep();
    }
  }

  private keep() {
    let text = JSON.stringify(this.entries);
    while (text.length > this.limit && this.entries.length) {
      this.entries.shift();
      text = JSON.stringify(this.entries);
    }
    try {
      this.storage.set(this.key, text);
    } catch { /* full or forbidden: memory still has it */ }
  }
}
