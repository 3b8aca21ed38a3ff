// Keeps the snapshot fresh: follows the stream, polls where it cannot, comes back after a while.
import type { ServerClock } from './clock.js';
import { type Send, silent } from './connection.js';
import { readEvents } from './events.js';
import { applyDelta, parse, readSnapshot, time, type Snapshot } from './snapshot.js';

/** What the feed works on. */
export interface Feed {
  send: Send;
  clock: ServerClock;
  random: () => number;
  stop: AbortSignal;
  held(): Snapshot | undefined;
  obey(next: Snapshot): void;
  /** The clock has heard something: what depends on the time may differ. */
  look(): void;
  report(where: string, problem: unknown): void;
}

/** Follows until the client stops. Returns how to come back at once. */
export function follow({ send, clock, random, stop, held, obey, look, report }: Feed): () => void {
  let etag: string | null = null;
  let wake = () => {};
  let failures = 0, askedToWait = 0, polledAt = -Infinity;

  function refused(answer: Response) {
    // Nobody may send us away for long: a restore has to be heard of.
    askedToWait = Math.min(+answer.headers.get('retry-after')! || 0, 300) * 1000;
    report('server', answer.status);
  }

  async function poll(whole: boolean) {
    polledAt = performance.now();
    try {
      const answer = await send('gates', {}, etag && !whole ? { 'if-none-match': etag } : {});
      if (answer.status === 304) return;
      if (!answer.ok) return refused(answer);
      obey(readSnapshot(parse(await answer.text())));
      etag = answer.headers.get('etag');
    } catch (problem) {
      report('poll', problem);
    }
  }

  /** Follows the stream until it ends. True when the whole snapshot has to be fetched. */
  async function stream(): Promise<boolean> {
    const quiet = silent(stop), [, expect] = quiet;
    const headers: Record<string, string> = { accept: 'text/event-stream' }, from = held();
    if (from) headers['last-event-id'] = from.version + ' ' + from.issuedAt;
    const answer = await send('gates/stream', {}, headers, quiet);
    if (!answer.ok) return refused(answer), false;
    // The first event comes at once, then one every 15 s; a newer version that is announced comes within 5 s.
    expect(10_000);
    for await (const { name, data } of readEvents(answer.body!)) {
      expect(45_000);
      if (name === 'resync') return true;
      const message = parse(data);
      if (name === 'time') {
        // The first answer comes over a new connection and takes long; one that tells nothing but the time is quick. Nobody waits for it.
        if (!clock.heardInMessage(time(message.now)) || clock.error > 10) void send('gates', {}, { 'if-none-match': '*' }).then(look, () => {});
        const snapshot = held();
        // The same number with another content: the server was set back to a backup and has counted up again.
        if (snapshot?.version === message.version && snapshot!.issuedAt !== message.issuedAt) return true;
        if (!(snapshot?.version! >= message.version)) expect(5000);
        look();
      } else if (name === 'snapshot' || name === 'delta') {
        let next;
        try {
          next = name === 'delta' ? applyDelta(held(), message) : readSnapshot(message);
        } catch (problem) {
          report(name, problem);
          return true;
        }
        obey(next);
      }
    }
    return false;
  }

  async function loop() {
    while (!stop.aborted) {
      const connected = performance.now();
      let whole = false;
      try {
        whole = await stream();
      } catch (problem) {
        report('stream', problem);
      }
      if (stop.aborted) return;
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

  void loop();
  return () => {
    failures = 0;
    wake();
  };
}
