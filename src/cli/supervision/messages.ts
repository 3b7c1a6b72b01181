import type { EndingSignal } from '../ending-signals.ts';

/** What the supervisor tells the command. */
export interface ToCommand {
  readonly stop: EndingSignal;
}

/**
 * What the command tells its supervisor: that it stops when asked, and how many milliseconds it may take to notice
 * that it shall; that it has noticed; that it is done and everything is written.
 */
export type FromCommand =
  | { readonly kind: 'stoppable'; readonly patience: number }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'ended'; readonly exitCode: number };
