/** Threads that run at once. */
export function cores(): number {
  return navigator.hardwareConcurrency || 1;
}
