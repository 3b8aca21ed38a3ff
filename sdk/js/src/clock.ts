// The server's time, on a device whose own clock may be wrong.

/** Where local time comes from; for tests. */
export interface LocalTime { wall(): number; steady(): number }

const systemTime: LocalTime = { wall: () => Date.now(), steady: () => performance.now() };

export class ServerClock {
  private error = Infinity;
  private readAt = 0;
  /** Wall minus steady; a change means that somebody set the clock, or that the device slept. */
  private apart: number;

  constructor(public offset = 0, private readonly local: LocalTime = systemTime) {
    this.apart = local.wall() - local.steady();
  }

  now(): number { return this.local.wall() + this.offset; }

  steady(): number { return this.local.steady(); }

  get heard(): boolean { return this.error < Infinity; }

  /** False after the local clock was set or the device slept: ask the server again. */
  get trusted(): boolean {
    const apart = this.local.wall() - this.local.steady();
    if (Math.abs(apart - this.apart) > 1000) {
      this.apart = apart;
      this.error = Infinity;
    }
    return this.heard;
  }

  /** A message is never early: one from the future corrects us. False when so late that only a round trip can settle it. */
  heardInMessage(server: number): boolean {
    const behind = server - this.now();
    if (!this.trusted || behind > 1000) this.take(this.offset + behind, 2000);
    else if (behind > 0) this.offset += behind;
    return behind >= -1000;
  }

  /** The server spoke somewhere between sending (`sent`, steady) and receiving: the middle is off by half the way at most. */
  heardInAnswer(server: number, sent: number) {
    const half = (this.local.steady() - sent) / 2;
    const offset = server + half - this.local.wall();
    const kept = this.trusted ? this.error + (this.local.steady() - this.readAt) * 5e-5 : Infinity;
    if (half <= kept || Math.abs(offset - this.offset) > half + kept + 100) this.take(offset, half);
  }

  private take(offset: number, error: number) {
    this.offset = offset;
    this.error = error;
    this.readAt = this.local.steady();
  }
}
