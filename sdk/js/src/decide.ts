// The decision: find the customer's timeline and the last segment that has begun. No clock, no network.
import { type ModuleInfo, type Module, type Snapshot, type State, type Timeline } from './snapshot.js';
import { bucketOf } from './xxh32.js';

const none: Timeline = [];

/** Follows step 4 of the wire format: past the segments that do not hold for this user. */
function effective(line: Timeline, i: number, bucket: number): number {
  while (i >= 0 && line[i].limit <= bucket) i--;
  return i;
}

/** Whether a module is open for somebody at an instant, and for how long that holds. */
export class Answer {
  constructor(
    readonly state: State,
    readonly reason: string,
    /** What the module says about itself; undefined for an unknown module. */
    readonly about: ModuleInfo | undefined,
    private readonly _line: Timeline,
    private readonly _last: number,
    private readonly _bucket: number,
  ) {}

  /** Whether the module works now: open or warned. */
  get isOpen(): boolean { return this.state === 'open' || this.state === 'warned'; }

  /** Ms since 1970 until when this answer holds unless a new version comes; undefined: for ever. */
  get validUntil(): number | undefined { return this._line[this._last + 1]?.at; }

  /** Ms since 1970 of the next change of state; for a brownout its end. */
  get until(): number | undefined { return this._next(this._last, (state) => state !== this.state); }

  /** Ms since 1970 of the closing that has no end yet, past or future; else of the announced one that is not certain yet. */
  get closesAt(): number | undefined {
    let closes: number | undefined;
    for (let i = this._line.length - 1; i >= 0; i--) {
      if (this._line[i + 1]?.at === this._line[i].at) continue;
      if (this._stateAt(i) !== 'closed') break;
      closes = this._line[i].at;
    }
    return closes ?? this._line.announced;
  }

  /** Ms since 1970 of the first instant at which the module is anything but open. */
  get announcedAt(): number | undefined { return this._next(-1, (state) => state !== 'open'); }

  private _stateAt(i: number): State {
    i = effective(this._line, i, this._bucket);
    return i < 0 ? 'open' : this._line[i].state;
  }

  private _next(after: number, wanted: (state: State) => boolean): number | undefined {
    for (let i = after + 1; i < this._line.length; i++) {
      if (this._line[i + 1]?.at !== this._line[i].at && wanted(this._stateAt(i))) return this._line[i].at;
    }
    return undefined;
  }
}

/** The answer for a module that the snapshot does not name. */
export const unknown = (state: State, hasSnapshot: boolean): Answer =>
  new Answer(state, hasSnapshot ? 'unknown-module' : 'no-snapshot', undefined, none, -1, 10000);

/** Decides from a snapshot for the instant `now` (ms since 1970). */
export function decide(snapshot: Snapshot | undefined, module: string, customer: string | undefined, user: string | undefined, now: number, whenUnknown: State = 'open'): Answer {
  const found: Module | undefined = snapshot?.modules.get(module);
  if (!found) return unknown(whenUnknown, !!snapshot);
  const line = found.timelines.get((customer !== undefined && found.customers.get(customer)) || found.fallback)!;
  let low = 0, high = line.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (line[middle].at <= now) low = middle + 1;
    else high = middle;
  }
  const bucket = line.shared ? bucketOf(user, found.seed) : 10000;
  const i = effective(line, low - 1, bucket);
  return i < 0
    ? new Answer('open', 'not-retiring', found.about, line, low - 1, bucket)
    : new Answer(line[i].state, line[i].reason, found.about, line, low - 1, bucket);
}
