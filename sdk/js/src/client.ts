import { ServerClock, type LocalTime } from './clock.js';
import { Answer, decide, unknown } from './decide.js';
import { readEvents } from './events.js';
import { Outbox, type Sent } from './outbox.js';
import { applyDelta, readSnapshot, time, writeSnapshot, type Snapshot, type State } from './snapshot.js';
import { browserStorage, type Storage } from './storage.js';

export interface Options {
  /** The server's address. */
  url: string;
  /** A browser key (`sst_web_…`) in pages, a server key (`sst_srv_…`) in Node. */
  key: string;
  /** For browser keys: the signed context token, made by your back end. Called at each connection. */
  context?: () => string | Promise<string>;
  /** Who is asked about when a call does not say. */
  customer?: string;
  user?: string;
  /** The answer for a module that no snapshot names. Default: open. */
  whenUnknown?: State;
  /** Name of this process in the proof of closure (server keys only). */
  instance?: string;
  /** How often counted use is sent, in ms. Default: 60,000. */
  usageInterval?: number;
  /** Default: local storage in a page, memory elsewhere; a folder with `@sunsetter/client/node`. */
  storage?: Storage;
  /** Told of what went wrong. Nothing is ever thrown. */
  onProblem?: (problem: string) => void;
  /** For tests. */
  fetch?: typeof fetch;
  time?: LocalTime;
  random?: () => number;
}

/** A friendly word for the signed-in person. Texts by language tag. */
export interface Notice {
  id: string;
  module: string;
  title: Record<string, string>;
  body: Record<string, string>;
  url?: string;
  closesAt?: string;
  acknowledge?: boolean;
}

export type Mark = 'seen' | 'dismissed' | 'acknowledged';

const version = '0.1.0';

export class Sunsetter {
  private snapshot: Snapshot | undefined;
  private readonly clock: ServerClock;
  private readonly outbox: Outbox;
  private readonly storage: Storage;
  private readonly stored: string;
  private readonly watchers = new Set<() => void>();
  private readonly stop = new AbortController();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly random: () => number;
  private wake = () => {};
  private etag: string | null = null;
  private failures = 0;
  private polledAt = -Infinity;
  private askedToWait = 0;
  private obeyedAt = 0;
  private storing = false;

  constructor(private readonly options: Options) {
    this.storage = options.storage ?? browserStorage();
    this.random = options.random ?? Math.random;
    // One person's answers are never another's, also on a shared device.
    this.stored = ['sunsetter', options.url, options.customer ?? '', options.user ?? ''].join('|');
    let offset = 0;
    try {
      const kept = JSON.parse(this.storage.get(this.stored) ?? 'null');
      if (kept) {
        this.snapshot = readSnapshot(kept.snapshot);
        offset = +kept.offset || 0;
      }
    } catch (problem) {
      this.report('stored snapshot', problem);
    }
    this.clock = new ServerClock(offset, options.time);
    this.obeyedAt = this.clock.now();
    this.outbox = new Outbox(this.storage, this.stored + '|out', 500_000, (path, id, body, last) => this.post(path, id, body, last));
    void this.follow();
    this.every(options.usageInterval ?? 60_000, () => this.flush());
    if (options.key.startsWith('sst_srv_')) this.every(60_000, () => this.receipt());
    if (typeof addEventListener === 'function') {
      addEventListener('pagehide', this.leave);
      addEventListener('online', this.online);
    }
  }

  /** The version of the snapshot that decides, undefined before the first. */
  get version(): number | undefined { return this.snapshot?.version; }

  /** The server's time, ms since 1970. */
  now(): number { return this.clock.now(); }

  /** Whether the module is open, from memory. Counts nothing. Never throws. */
  ask(module: string, customer = this.options.customer, user = this.options.user): Answer {
    try {
      return decide(this.snapshot, module, customer, user, this.clock.now(), this.options.whenUnknown);
    } catch (problem) {
      this.report('ask', problem);
      return unknown(this.options.whenUnknown ?? 'open', false);
    }
  }

  /** The same for somebody who uses the module at this moment: counts the use, or the refusal. */
  use(module: string, customer = this.options.customer, user = this.options.user): Answer {
    const answer = this.ask(module, customer, user);
    if (customer && user) this.outbox.count(module, customer, user, !answer.isOpen, this.clock.now());
    return answer;
  }

  /** Tells the answer now and whenever it changes, also by the mere passing of time. Returns how to stop. */
  watch(module: string, tell: (answer: Answer) => void, customer?: string, user?: string): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined, told: string | undefined;
    const look = () => {
      clearTimeout(timer);
      const answer = this.ask(module, customer, user);
      const gist = JSON.stringify([answer.state, answer.reason, answer.until, answer.closesAt, answer.about]);
      // The timer is bounded: a long one overflows, and a device that slept keeps bad time.
      const wait = Math.min((answer.validUntil ?? Infinity) - this.clock.now(), 60_000);
      timer = setTimeout(look, Math.max(wait, 1));
      (timer as { unref?: () => void }).unref?.();
      if (gist === told) return;
      told = gist;
      try {
        tell(answer);
      } catch (problem) {
        this.report('watch', problem);
      }
    };
    const end = () => {
      clearTimeout(timer);
      this.watchers.delete(look);
    };
    this.watchers.add(look);
    this.stop.signal.addEventListener('abort', end);
    look();
    return end;
  }

  /** What the signed-in person should be told inside the application. Empty when the server is out of reach. */
  async notices(customer = this.options.customer, user = this.options.user): Promise<Notice[]> {
    try {
      const query = new URLSearchParams({ customer: customer ?? '', user: user ?? '' });
      const answer = await this.send('notices?' + query);
      if (answer.ok) {
        const { notices } = await answer.json();
        if (Array.isArray(notices)) return notices;
      } else this.report('notices', answer.status);
    } catch (problem) {
      this.report('notices', problem);
    }
    return [];
  }

  /** Reports what the person did with a notice. Survives a lost connection. */
  mark(notice: string, mark: Mark, customer = this.options.customer, user = this.options.user) {
    this.outbox.put(`notices/${encodeURIComponent(notice)}/${mark}`, { customer, user, at: new Date(this.clock.now()).toISOString() });
    void this.outbox.send();
  }

  /** Sends what was counted. */
  async flush(): Promise<void> {
    this.outbox.cut(this.clock.now());
    await this.outbox.send();
  }

  /** Sends what was counted and stops. */
  async close(): Promise<void> {
    if (typeof removeEventListener === 'function') {
      removeEventListener('pagehide', this.leave);
      removeEventListener('online', this.online);
    }
    this.timers.forEach(clearInterval);
    this.keep();
    await this.flush();
    this.stop.abort();
    this.wake();
  }

  private readonly leave = () => {
    this.outbox.cut(this.clock.now());
    void this.outbox.send(true);
  };

  private readonly online = () => {
    this.failures = 0;
    this.wake();
  };

  private every(ms: number, act: () => unknown) {
    const timer = setInterval(act, ms);
    (timer as { unref?: () => void }).unref?.();
    this.timers.add(timer);
  }

  private report(where: string, problem: unknown) {
    try {
      this.options.onProblem?.(`${where}: ${problem instanceof Error ? problem.message : problem}`);
    } catch { /* the host's own handler failed; there is nobody left to tell */ }
  }

  private async send(path: string, init: RequestInit = {}, headers: Record<string, string> = {}): Promise<Response> {
    const { url, key, context } = this.options;
    headers.authorization = 'Bearer ' + key;
    if (context) headers['x-sunsetter-context'] = await context();
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(new Error('no answer')), 10_000);
    const abort = () => timeout.abort();
    (init.signal ?? this.stop.signal).addEventListener('abort', abort);
    const sent = this.clock.steady();
    try {
      const answer = await (this.options.fetch ?? fetch)(`${url.replace(/\/$/, '')}/edge/v1/${path}`, { ...init, headers, cache: 'no-store', signal: timeout.signal });
      const said = answer.headers.get('sunsetter-time');
      if (said) this.clock.heardInAnswer(time(said), sent);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  private async post(path: string, id: string, body: string, keepalive: boolean): Promise<Sent> {
    try {
      const { ok, status } = await this.send(path, { method: 'POST', body, keepalive }, { 'content-type': 'application/json', 'idempotency-key': id });
      if (ok) return 'done';
      this.report(path, status);
      // Malformed, too large, meaningless: repeating it cannot help. Everything else may pass.
      return [400, 413, 415, 422].includes(status) ? 'refused' : 'later';
    } catch (problem) {
      this.report(path, problem);
      return 'later';
    }
  }

  private async receipt() {
    if (!this.snapshot || !this.clock.heard) return;
    const { instance = 'node-' + (globalThis.process?.pid ?? 0) } = this.options;
    const body = { instance, version: this.version, obeyedAt: new Date(this.obeyedAt).toISOString(), client: 'js/' + version, clockOffsetMs: Math.round(this.clock.offset) };
    await this.post('receipts', String(this.version), JSON.stringify(body), false);
  }

  private async follow() {
    while (!this.stop.signal.aborted) {
      const connected = this.clock.steady();
      let resync = false;
      try {
        resync = await this.stream();
      } catch (problem) {
        this.report('stream', problem);
      }
      if (this.stop.signal.aborted) return;
      if (this.clock.steady() - connected > 5000) this.failures = 0;
      if (resync || this.clock.steady() - this.polledAt >= 10_000) await this.poll(resync);
      const delay = this.random() * Math.min(500 * 2 ** this.failures++, 30_000) + this.askedToWait;
      this.askedToWait = 0;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delay);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Follows the stream until it ends. True when the whole snapshot has to be fetched. */
  private async stream(): Promise<boolean> {
    const silence = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    // The first event comes at once, then one every 15 s; a newer version that is announced comes within 5 s.
    const expect = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), ms);
    };
    const stop = () => silence.abort();
    this.stop.signal.addEventListener('abort', stop);
    expect(10_000);
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (this.snapshot) headers['last-event-id'] = String(this.version);
      const answer = await this.send('gates/stream', { signal: silence.signal }, headers);
      if (!answer.ok) return this.refused(answer);
      for await (const { name, data } of readEvents(answer.body!)) {
        expect(45_000);
        if (name === 'resync') return true;
        if (name === 'revoked') this.report('stream', name);
        const message = JSON.parse(data);
        if (name === 'time') {
          if (!this.clock.heardInMessage(time(message.now))) await this.poll(false);
          if (!(this.version! >= message.version)) expect(5000);
          this.watchers.forEach((look) => look());
        } else if (name === 'snapshot' || name === 'delta') {
          try {
            this.obey(name === 'delta' ? applyDelta(this.snapshot, message) : readSnapshot(message));
          } catch (problem) {
            this.report(name + ' refused', problem);
            return true;
          }
        }
      }
    } finally {
      clearTimeout(timer!);
      this.stop.signal.removeEventListener('abort', stop);
    }
    return false;
  }

  private async poll(whole: boolean) {
    this.polledAt = this.clock.steady();
    try {
      const answer = await this.send('gates', {}, this.etag && !whole ? { 'if-none-match': this.etag } : {});
      if (answer.status === 304) return;
      if (!answer.ok) return void this.refused(answer);
      this.obey(readSnapshot(await answer.json()));
      this.etag = answer.headers.get('etag');
    } catch (problem) {
      this.report('poll', problem);
    }
  }

  private refused(answer: Response): false {
    this.askedToWait = (+answer.headers.get('retry-after')! || 0) * 1000;
    this.report('server', answer.status);
    return false;
  }

  private obey(snapshot: Snapshot) {
    if (snapshot === this.snapshot) return;
    this.snapshot = snapshot;
    this.obeyedAt = this.clock.now();
    this.watchers.forEach((look) => look());
    if (this.options.key.startsWith('sst_srv_')) setTimeout(() => void this.receipt(), this.random() * 2000);
    if (this.storing) return;
    this.storing = true;
    setTimeout(() => this.keep(), 1000);
  }

  private keep() {
    this.storing = false;
    if (!this.snapshot) return;
    try {
      this.storage.set(this.stored, JSON.stringify({ offset: this.clock.offset, snapshot: writeSnapshot(this.snapshot) }));
    } catch (problem) {
      this.report('storage', problem);
    }
  }
}

/** Starts a client: answers at once from the stored snapshot, then keeps it fresh. */
export const createClient = (options: Options): Sunsetter => new Sunsetter(options);
