/** Tells how much time goes by: for progress, for how long something took, for what is due every so often. */
export interface Clock {
  /** Seconds since some moment; they never run back. */
  seconds(): number;
}
