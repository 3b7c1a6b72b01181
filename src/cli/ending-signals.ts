import { constants } from 'node:os';

/** Signals that ask a command to end: Ctrl-C, kill, and a terminal that is closed. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndingSignal = (typeof ENDING_SIGNALS)[number];

/** 130, 143 and 129, as a shell tells of a command that a signal ended. */
export function exitCodeOf(signal: EndingSignal): number {
  return 128 + constants.signals[signal];
}

export function isEndingSignal(signal: string | null): signal is EndingSignal {
  return (ENDING_SIGNALS as readonly (string | null)[]).includes(signal);
}
