/*
 * Beyond these a number is a slip of the hand, or would take memory that no machine has: memory grows with the batch,
 * with the threads that each hold one, and with the votes of the probes that are asked together.
 */
export const LARGEST_BATCH = 4096;
export const MOST_THREADS = 1024;
export const MOST_VOTES = 1000;
/** Of an image, in pixels. */
export const LARGEST_SIDE = 16_384;
