// The server's time, on a device whose own clock may be wrong.

/**
 * Own wall clock plus an offset. A device that sleeps keeps it. One whose clock is set back is seen at once, for the steady clock never goes back; one
 * whose clock is set ahead looks like one that slept, until the next sign of life, at most 15 s later.
 */
export class ServerClock {
  /** By how many ms the time may be wrong, as far as round trips have shown. */
  error = Infinity;
  private _readAt = 0;
  private _ahead = -Infinity;

  constructor(public offset: number) {}

  now(): number {
    const wall = Date.now(), ahead = wall - performance.now();
    if (ahead < this._ahead - 1000) this.offset += this._ahead - ahead;
    this._ahead = ahead;
    return wall + this.offset;
  }

  /** A message is never early: one from the future corrects us. False when so late that only a round trip can settle it. */
  heardInMessage(server: number): boolean {
    const ahead = server - this.now();
    if (this.error === Infinity || ahead > 1000) this._take(this.offset + ahead, 2000);
    else if (ahead > 0) this.offset += ahead;
    return ahead >= -1000;
  }

  /** The server spoke somewhere between sending (`sent`, steady) and receiving: the middle is off by half the way at most. */
  heardInAnswer(server: number, sent: number) {
    const half = (performance.now() - sent) / 2, offset = server + half - this.now() + this.offset;
    const kept = this.error + (performance.now() - this._readAt) * 5e-5;
    if (half <= kept || Math.abs(offset - this.offset) > half + kept + 100) this._take(offset, half);
  }

  private _take(offset: number, error: number) {
    this.offset = offset;
    this.error = error;
    this._readAt = performance.now();
  }
}
