export type Timer = ReturnType<typeof setTimeout>;

/** A timer that does not keep Node alive. */
export function background(timer: Timer): Timer {
  (timer as { unref?: () => void }).unref?.();
  return timer;
}
