// Speaks with the server: key, signed context, its clock, and how long to listen to nothing.
import type { Options } from './api.js';
import type { ServerClock } from './clock.js';
import type { Sent } from './outbox.js';
import { time } from './snapshot.js';
import { background, type Timer } from './timer.js';

/** A signal that says stop when nothing was heard for as long as was last expected, and how to say what is expected. Too late it stops nothing: whatever it was for is over. */
export type Silence = [AbortSignal, (ms: number) => void];

export type Send = (path: string, init?: RequestInit, headers?: Record<string, string>, silence?: Silence) => Promise<Response>;

export function silent(stop: AbortSignal): Silence {
  // Not AbortSignal.any: Node before 20.3 has none, and some after it never let go of what hangs on a signal that lives long.
  const hush = new AbortController(), { signal } = hush, end = () => hush.abort();
  let timer: Timer;
  stop.addEventListener('abort', end, { signal });
  return [signal, (ms) => {
    clearTimeout(timer);
    timer = background(setTimeout(end, ms));
  }];
}

export const sender = ({ url, key, context }: Options, clock: ServerClock, stop: AbortSignal): Send =>
  async (path, init, headers = {}, [signal, expect] = silent(stop)) => {
    headers.authorization = 'Bearer ' + key;
    expect(10_000);
    if (context) headers['x-sunsetter-context'] = await Promise.race([context(), new Promise<never>((_, no) => (signal.onabort = () => no(Error('context'))))]);
    const sent = performance.now();
    const answer = await fetch(url.replace(/\/$/, '') + '/edge/v1/' + path, { ...init, headers, cache: 'no-store', signal });
    const said = answer.headers.get('sunsetter-time');
    if (said) clock.heardInAnswer(time(said), sent);
    // What follows is the body: whoever sends half of it and falls silent is given up. Once it is read nobody is left to be told.
    expect(45_000);
    return answer;
  };

export const poster = (send: Send, report: (where: string, problem: unknown) => void) =>
  async (path: string, id: string, body: string, keepalive: boolean): Promise<Sent> => {
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
  };
