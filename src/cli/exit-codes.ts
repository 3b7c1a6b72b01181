/** The run could not be carried through. */
export const FAILED = 1;
/** The input is at fault. */
export const MISUSED = 2;
