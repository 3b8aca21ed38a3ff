// The server's time, on a device whose own clock may be wrong.

/**
 * Own wall clock plus an offset. A device that sleeps keeps it; one whose clock is set is corrected by the next sign of life,
 * at most 15 s later.
 */
export class ServerClock {
  /** By how many ms the time may be wrong, as far as round trips have shown. */
  error = Infinity;
  private _readAt = 0;

  constructor(public offset: number) {}

  now(): number { return Date.now() + this.offset; }

  /** A message is never early: one from the future corrects us. False when so late that only a round trip can settle it. */
  heardInMessage(server: number): boolean {
    const ahead = server - this.now();
    if (this.error === Infinity || ahead > 1000) this._take(this.offset + ahead, 2000);
    else if (ahead > 0) this.offset += ahead;
    return ahead >= -1000;
  }

  /** The server spoke somewhere between sending (`sent`, steady) and receiving: the middle is off by half the way at most. */
  heardInAnswer(server: number, sent: number) {
    const half = (performance.now() - sent) / 2, offset = server + half - Date.now();
    const kept = this.error + (performance.now() - this._readAt) * 5e-5;
    if (half <= kept || Math.abs(offset - this.offset) > half + kept + 100) this._take(offset, half);
  }

  private _take(offset: number, error: number) {
    this.offset = offset;
    this.error = error;
    this._readAt = performance.now();
  }
}
