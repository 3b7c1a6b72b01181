import { GimbalError, type Issue } from '../errors/error.ts';
import { inOwnWords } from '../errors/option-words.ts';
import type { TransportedError } from './messages.ts';

export function toTransport(error: unknown): TransportedError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return error instanceof GimbalError
    ? { kind: error.kind, issue: error.issue, message, stack }
    : { kind: 'bug', message, stack };
}

export function fromTransport({ kind, issue, message, stack }: TransportedError): Error {
  const error = kind === 'bug' || issue === undefined ? new Error(message) : new GimbalError(kind, worded(issue));
  error.stack = stack && inOwnWords(stack);
  return error;
}

function worded({ code, subject, problem, advice }: Issue): Issue {
  return {
    code,
    subject: inOwnWords(subject),
    problem: inOwnWords(problem),
    ...(advice === undefined ? {} : { advice: inOwnWords(advice) }),
  };
}
