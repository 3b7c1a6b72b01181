import { failure } from '../errors/error.ts';

interface Pending {
  readonly what: string;
  readonly reject: (error: Error) => void;
}

/** What is under way, the innermost last. */
const pending = new Set<Pending>();

/**
 * Does work that is sure to end: where nothing is left in the process that could end it, it fails, in place of a
 * promise that never settles and a program that ends in silence.
 *
 * @param what the thing at work, for the message: a file, a command
 * @throws failure `never-ends`; whatever the work throws
 */
export function settling<T>(what: string, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const one: Pending = { what, reject };
    if (pending.size === 0) process.on('beforeExit', failAll);
    pending.add(one);
    void work()
      .then(resolve, reject)
      .finally(() => {
        pending.delete(one);
        if (pending.size === 0) process.off('beforeExit', failAll);
      });
  });
}

/** Called when the event loop has run dry: whoever still waits waits for nothing. */
function failAll(): void {
  const error = failure({
    code: 'never-ends',
    subject: [...pending].at(-1)!.what,
    problem: 'the work on it has come to a stand: nothing is left that could end it.',
    advice: 'This is a fault of Gimbal, or damage in a file that it did not notice: please report it with the file.',
  });
  for (const { reject } of pending) reject(error);
}
