import type { Options, Sunsetter } from './api.js';
import { ServerClock } from './clock.js';
import { poster, sender } from './connection.js';
import { decide, unknown } from './decide.js';
import { follow } from './feed.js';
import { ofPage, Outbox } from './outbox.js';
import { readSnapshot, writeSnapshot, type Snapshot } from './snapshot.js';
import { browserStorage, noStorage } from './storage.js';
import { background, type Timer } from './timer.js';

/** Starts a client: answers at once from the stored snapshot, then keeps it fresh. */
export function createClient(options: Options, bounds = ofPage): Sunsetter {
  const { url, customer: me, user: self, whenUnknown = 'open', usageInterval = 60_000, random = Math.random } = options;
  // Whom a signed context names is not known here: without a name nothing is kept, or the next person on this device would see it.
  const storage = options.storage ?? (options.context && !me ? noStorage : browserStorage());
  // One person's answers are never another's, also on a shared device.
  const stored = ['sunsetter', url, me, self].join('|');
  const stop = new AbortController(), { signal } = stop;
  const watchers = new Set<() => void>();
  let snapshot: Snapshot | undefined;
  let offset = 0, storing: Timer | undefined;

  const report = (where: string, problem: unknown) => {
    try {
      options.onProblem?.(`${where}: ${(problem as Error | undefined)?.message ?? problem}`);
    } catch { /* the host's own handler failed; there is nobody left to tell */ }
  };

  /** Whatever fails is reported, and nothing is thrown. */
  const attempt = <T>(where: string, act: () => T): T | undefined => {
    try {
      return act();
    } catch (problem) {
      report(where, problem);
    }
  };

  attempt('storage', () => {
    const kept = JSON.parse(storage.get(stored)!);
    if (!kept) return;
    snapshot = readSnapshot(kept.snapshot);
    if (Math.abs(kept.offset) < 1e12) offset = +kept.offset;
  });
  const clock = new ServerClock(offset), send = sender(options, clock, signal), post = poster(send, report);
  const outbox = new Outbox(storage, stored + '|out', bounds, post, report);

  const look = () => watchers.forEach((watcher) => watcher());

  function keep() {
    storing = undefined;
    if (snapshot) attempt('storage', () => storage.set(stored, JSON.stringify({ offset: clock.offset, snapshot: writeSnapshot(snapshot!) })));
  }

  function obey(next: Snapshot) {
    if (next === snapshot) return;
    snapshot = next;
    look();
    attempt('onObey', () => options.onObey?.(next.version));
    storing ??= setTimeout(keep, 1000);
  }

  const client: Sunsetter = {
    get version() { return snapshot?.version; },

    now: () => clock.now(),

    ask(module, customer = me, user = self) {
      return attempt('ask', () => decide(snapshot, module, customer, user, clock.now(), whenUnknown)) ?? unknown(whenUnknown, false);
    },

    use(module, customer = me, user = self) {
      const answer = client.ask(module, customer, user);
      // Whoever has a signed context need not be named: the server knows them.
      if (options.context || (customer && user)) outbox.count(module, customer, user, !answer.isOpen, clock.now());
      return answer;
    },

    watch(module, tell, customer, user) {
      let timer: Timer | undefined, told: string | undefined;
      const watcher = () => {
        clearTimeout(timer);
        if (signal.aborted) return;
        const answer = client.ask(module, customer, user);
        const gist = JSON.stringify([answer, answer.closesAt]);
        // The timer is bounded: a long one overflows, and a device that slept keeps bad time.
        const wait = Math.min((answer.validUntil ?? Infinity) - clock.now(), 60_000);
        timer = background(setTimeout(watcher, wait));
        if (gist === told) return;
        told = gist;
        attempt('watch', () => tell(answer));
      };
      const end = () => {
        clearTimeout(timer);
        watchers.delete(watcher);
      };
      watchers.add(watcher);
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
      attempt('mark', () => outbox.put(`notices/${encodeURIComponent(notice)}/${mark}`, { customer, user, at: new Date(clock.now()).toISOString() }));
      void outbox.send();
    },

    post: async (path, body) => (await post(path, '', JSON.stringify(body), false)) === 'done',

    flush: () => outbox.send(),

    async close() {
      clearInterval(usage);
      keep();
      await client.flush();
      stop.abort();
      look();
      wake();
    },
  };

  const wake = follow({ send, clock, random, stop: signal, held: () => snapshot, obey, look, report });
  const usage = background(setInterval(client.flush, Math.min(usageInterval, 36e5)));
  // Node has no such events.
  globalThis.addEventListener?.('pagehide', () => void outbox.send(true), { signal });
  globalThis.addEventListener?.('online', wake, { signal });
  return client;
}
