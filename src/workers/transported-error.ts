import { GimbalError } from '../errors/error.ts';
import type { TransportedError } from './messages.ts';

export function toTransport(error: unknown): TransportedError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return error instanceof GimbalError
    ? { kind: error.kind, issue: error.issue, message, stack }
    : { kind: 'bug', message, stack };
}

export function fromTransport({ kind, issue, message, stack }: TransportedError): Error {
  const error = kind === 'bug' || issue === undefined ? new Error(message) : new GimbalError(kind, issue);
  error.stack = stack;
  return error;
}
