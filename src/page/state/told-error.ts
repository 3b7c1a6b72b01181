import { GimbalError } from '../../errors/error.ts';

/** An error as the page tells it: a paragraph. */
export function toldError(error: unknown): string {
  if (error instanceof GimbalError) return error.message;
  return `A fault of Gimbal: ${error instanceof Error ? error.message : String(error)}`;
}
