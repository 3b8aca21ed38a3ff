import { ServerClock } from './clock.js';
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
  /** How often counted use is sent, in ms. Default: 60,000. */
  usageInterval?: number;
  /** Default: local storage in a page, memory elsewhere; a folder with `@sunsetter/client/node`. */
  storage?: Storage;
  /** Told of what went wrong. Nothing is ever thrown. */
  onProblem?: (problem: string) => void;
  /** Told when another version begins to decide. */
  onObey?: (version: number) => void;
  /** Chance, 0 to 1; for tests. */
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

/** The client. No member throws because of the server, the network or the storage. */
export interface Sunsetter {
  /** The version of the snapshot that decides, undefined before the first. */
  readonly version: number | undefined;
  /** The server's time, ms since 1970. */
  now(): number;
  /** Whether the module is open, from memory. Counts nothing. */
  ask(module: string, customer?: string, user?: string): Answer;
  /** The same for somebody who uses the module at this moment: counts the use, or the refusal. */
  use(module: string, customer?: string, user?: string): Answer;
  /** Tells the answer now and whenever it changes, also by the mere passing of time. Returns how to stop. */
  watch(module: string, tell: (answer: Answer) => void, customer?: string, user?: string): () => void;
  /** What the signed-in person should be told inside the application. Empty when the server is out of reach. */
  notices(customer?: string, user?: string): Promise<Notice[]>;
  /** Reports what the person did with a notice. Survives a lost connection. */
  mark(notice: string, mark: Mark, customer?: string, user?: string): void;
  /** Sends a document to the server, once; whether it has arrived. */
  post(path: string, body: unknown): Promise<boolean>;
  /** Sends what was counted. */
  flush(): Promise<void>;
  /** Sends what was counted and stops. */
  close(): Promise<void>;
}

type Timer = ReturnType<typeof setTimeout>;

/** A timer that does not keep Node alive. */
function background(timer: Timer): Timer {
  (timer as { unref?: () => void }).unref?.();
  return timer;
}

/** Starts a client: answers at once from the stored snapshot, then keeps it fresh. */
export function createClient(options: Options): Sunsetter {
  const { url, key, customer: me, user: self, whenUnknown = 'open', usageInterval = 60_000, random = Math.random, storage = browserStorage() } = options;
  // One person's answers are never another's, also on a shared device.
  const stored = ['sunsetter', url, me ?? '', self ?? ''].join('|');
  const base = url.replace(/\/$/, '') + '/edge/v1/';
  const stop = new AbortController(), { signal } = stop;
  const watchers = new Set<() => void>();
  let snapshot: Snapshot | undefined;
  let etag: string | null = null;
  let wake = () => {};
  let failures = 0, askedToWait = 0, offset = 0, polledAt = -Infinity, storing = false;

  const report = (where: string, problem: unknown) => {
    try {
      options.onProblem?.(`${where}: ${problem instanceof Error ? problem.message : problem}`);
    } catch { /* the host's own handler failed; there is nobody left to tell */ }
  };

  /** Whatever fails is reported, and nothing is thrown. */
  const attempt = <T>(where: string, act: () => T): T | undefined => {
    try {
      return act();
    } catch (problem) {
      report(where, problem);
      return undefined;
    }
  };

  attempt('storage', () => {
    const kept = JSON.parse(storage.get(stored) ?? 'null');
    if (!kept) return;
    snapshot = readSnapshot(kept.snapshot);
    offset = +kept.offset || 0;
  });
  const clock = new ServerClock(offset);

  /** A signal that says stop when nothing was heard for as long as was last expected, or when the client closes. */
  function silence(): [AbortSignal, (ms: number) => void] {
    const hush = new AbortController();
    let timer: Timer;
    return [AbortSignal.any([signal, hush.signal]), (ms) => {
      clearTimeout(timer);
      if (ms) timer = setTimeout(() => hush.abort(), ms);
    }];
  }

  async function send(path: string, init: RequestInit = {}, headers: Record<string, string> = {}, [until, expect] = silence()): Promise<Response> {
    headers.authorization = 'Bearer ' + key;
    if (options.context) headers['x-sunsetter-context'] = await options.context();
    const sent = performance.now();
    expect(10_000);
    try {
      const answer = await fetch(base + path, { ...init, headers, cache: 'no-store', signal: until });
      const said = answer.headers.get('sunsetter-time');
      if (said) clock.heardInAnswer(time(said), sent);
      return answer;
    } finally {
      expect(0);
    }
  }

  async function post(path: string, id: string, body: string, keepalive: boolean): Promise<Sent> {
    try {
      const { ok, status } = await send(path, { method: 'POST', body, keepalive }, { 'content-type': 'application/json', ...(id && { 'idempotency-key': id }) });
      if (ok) return 'done';
      report(path, status);
      // Malformed, too large, meaningless, or a notice that is gone: repeating it cannot help. Everything else may pass.
      return [400, 413, 415, 422, path[0] === 'n' && 404].includes(status) ? 'refused' : 'later';
    } catch (problem) {
      report(path, problem);
      return 'later';
    }
  }

  const outbox = new Outbox(storage, stored + '|out', 500_000, post);

  const look = () => watchers.forEach((watcher) => watcher());

  function keep() {
    storing = false;
    if (snapshot) attempt('storage', () => storage.set(stored, JSON.stringify({ offset: clock.offset, snapshot: writeSnapshot(snapshot!) })));
  }

  function obey(next: Snapshot) {
    if (next === snapshot) return;
    snapshot = next;
    look();
    options.onObey?.(next.version);
    if (storing) return;
    storing = true;
    setTimeout(keep, 1000);
  }

  function refused(answer: Response) {
    askedToWait = (+answer.headers.get('retry-after')! || 0) * 1000;
    report('server', answer.status);
  }

  async function poll(whole: boolean) {
    polledAt = performance.now();
    try {
      const answer = await send('gates', {}, etag && !whole ? { 'if-none-match': etag } : {});
      if (answer.status === 304) return;
      if (!answer.ok) return refused(answer);
      obey(readSnapshot(await answer.json()));
      etag = answer.headers.get('etag');
    } catch (problem) {
      report('poll', problem);
    }
  }

  /** Follows the stream until it ends. True when the whole snapshot has to be fetched. */
  async function stream(): Promise<boolean> {
    const quiet = silence(), [, expect] = quiet;
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (snapshot) headers['last-event-id'] = String(snapshot.version);
      const answer = await send('gates/stream', {}, headers, quiet);
      if (!answer.ok) return refused(answer), false;
      // The first event comes at once, then one every 15 s; a newer version that is announced comes within 5 s.
      expect(10_000);
      for await (const { name, data } of readEvents(answer.body!)) {
        expect(45_000);
        if (name === 'resync') return true;
        const message = JSON.parse(data);
        if (name === 'time') {
          if (!clock.heardInMessage(time(message.now))) await poll(false);
          if (!(snapshot && snapshot.version >= message.version)) expect(5000);
          look();
        } else if (name === 'snapshot' || name === 'delta') {
          const next = attempt(name, () => (name === 'delta' ? applyDelta(snapshot, message) : readSnapshot(message)));
          if (!next) return true;
          obey(next);
        }
      }
    } finally {
      expect(0);
    }
    return false;
  }

  async function follow() {
    while (!signal.aborted) {
      const connected = performance.now();
      let whole = false;
      try {
        whole = await stream();
      } catch (problem) {
        report('stream', problem);
      }
      if (signal.aborted) return;
      if (performance.now() - connected > 5000) failures = 0;
      if (whole || performance.now() - polledAt >= 10_000) await poll(whole);
      const delay = random() * Math.min(500 * 2 ** failures++, 30_000) + askedToWait;
      askedToWait = 0;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delay);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  const leave = () => {
    outbox.cut(clock.now());
    void outbox.send(true);
  };
  const online = () => {
    failures = 0;
    wake();
  };

  const client: Sunsetter = {
    get version() { return snapshot?.version; },

    now: () => clock.now(),

    ask(module, customer = me, user = self) {
      return attempt('ask', () => decide(snapshot, module, customer, user, clock.now(), whenUnknown)) ?? unknown(whenUnknown, false);
    },

    use(module, customer = me, user = self) {
      const answer = client.ask(module, customer, user);
      if (customer && user) outbox.count(module, customer, user, !answer.isOpen, clock.now());
      return answer;
    },

    watch(module, tell, customer, user) {
      let timer: Timer | undefined, told: string | undefined;
      const watcher = () => {
        clearTimeout(timer);
        const answer = client.ask(module, customer, user);
        const gist = JSON.stringify([answer, answer.closesAt]);
        // The timer is bounded: a long one overflows, and a device that slept keeps bad time.
        const wait = Math.min((answer.validUntil ?? Infinity) - clock.now(), 60_000);
        timer = background(setTimeout(watcher, Math.max(wait, 1)));
        if (gist === told) return;
        told = gist;
        attempt('watch', () => tell(answer));
      };
      const end = () => {
        clearTimeout(timer);
        watchers.delete(watcher);
      };
      watchers.add(watcher);
      signal.addEventListener('abort', end);
      watcher();
      return end;
    },

    async notices(customer = me, user = self) {
      try {
        const answer = await send('notices?' + new URLSearchParams({ customer: customer ?? '', user: user ?? '' }));
        const list = answer.ok && (await answer.json()).notices;
        if (Array.isArray(list)) return list;
        report('notices', answer.status);
      } catch (problem) {
        report('notices', problem);
      }
      return [];
    },

    mark(notice, mark, customer = me, user = self) {
      outbox.put(`notices/${encodeURIComponent(notice)}/${mark}`, { customer, user, at: new Date(clock.now()).toISOString() });
      void outbox.send();
    },

    post: async (path, body) => (await post(path, '', JSON.stringify(body), false)) === 'done',

    async flush() {
      outbox.cut(clock.now());
      await outbox.send();
    },

    async close() {
      clearInterval(usage);
      keep();
      await client.flush();
      stop.abort();
      wake();
    },
  };

  void follow();
  const usage = background(setInterval(() => client.flush(), usageInterval));
  // Node has no such events.
  globalThis.addEventListener?.('pagehide', leave, { signal });
  globalThis.addEventListener?.('online', online, { signal });
  return client;
}
