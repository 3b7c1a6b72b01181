import { GimbalError } from '../errors/error.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Tells what went wrong on standard error, in one message. @returns the exit code */
export function report(error: unknown, terminal: Terminal, debug: boolean): number {
  const message = error instanceof GimbalError ? error.message : internalMessage(error);
  terminal.error(`gimbal: ${message}\n`);
  if (debug) {
    terminal.error(`${stackOf(error)}\n`);
  }
  return error instanceof GimbalError && error.kind === 'misuse' ? MISUSED : FAILED;
}

function internalMessage(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0].replace(/^internal: /, '');
  return (
    `internal error: ${text}. This is a fault of Gimbal: please report it with what the same command prints with ` +
    '--debug.'
  );
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.cause === undefined ? String(error.stack) : `${error.stack}\ncaused by ${stackOf(error.cause)}`;
}
