/** An accuracy is below what `--fail-under` demands, or worse than `--fail-if-worse` allows. */
export const BELOW_THRESHOLD = 1;
/** The input is at fault. */
export const MISUSED = 2;
/** The run could not be carried through. */
export const FAILED = 3;

/** For help: what a command's exit code tells. */
export const EXIT_CODES =
  'Exit codes: 0 done; 1 an accuracy is below --fail-under, or worse than --fail-if-worse allows; ' +
  '2 the input is at fault; 3 the run could not be carried through; 129, 130, 143 stopped by SIGHUP, Ctrl-C, ' +
  'SIGTERM (the same command goes on).';
