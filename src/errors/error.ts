import { oneParagraph } from './visible.ts';

/** What went wrong, in parts that a terminal, a JSON stream or a page can show. */
export interface Issue {
  /** Stable, kebab-case identifier of the case, for programs. */
  readonly code: string;
  /** The thing at fault: an option, a file, a tensor, a node. */
  readonly subject: string;
  /** What is wrong with it, with the value that was got and what is allowed. */
  readonly problem: string;
  /** What to do about it. */
  readonly advice?: string;
}

/**
 * The one error that users see; its message is one paragraph, in which nothing steers a terminal. `misuse` means that
 * the input is at fault (exit code 2), `failure` that a run could not be carried through (exit code 3). Any other error
 * is a bug of ours.
 */
export class GimbalError extends Error {
  readonly kind: 'misuse' | 'failure';
  readonly issue: Issue;

  constructor(kind: 'misuse' | 'failure', issue: Issue, options?: ErrorOptions) {
    const { subject, problem, advice } = issue;
    super(oneParagraph(`${subject}: ${problem}${advice === undefined ? '' : ` ${advice}`}`), options);
    this.name = 'GimbalError';
    this.kind = kind;
    this.issue = issue;
  }
}

/** An error for input that a user can mend: `throw misuse({ code, subject, problem, advice })`. */
export function misuse(issue: Issue, options?: ErrorOptions): GimbalError {
  return new GimbalError('misuse', issue, options);
}

/** An error for a run that could not go on although its input was right. */
export function failure(issue: Issue, options?: ErrorOptions): GimbalError {
  return new GimbalError('failure', issue, options);
}
