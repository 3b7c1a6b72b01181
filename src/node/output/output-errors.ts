import { type GimbalError, failure, misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';

const NOT_WRITABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'ENOENT',
  'ENAMETOOLONG',
  'ELOOP',
]);
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What a failed write means to the user. Errors that are none of the file system's pass unchanged. */
function outputError(error: unknown, path: string, option: string | undefined): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || typeof code !== 'string') {
    return error;
  }
  if (FULL.has(code)) {
    return diskFull(error, path);
  }
  if (NOT_WRITABLE.has(code)) {
    return misuse(
      {
        code: 'output-not-writable',
        subject: path,
        problem: `cannot be written (${code}).`,
        advice:
          option === undefined ? `Choose another folder with ${optionWords('out')}.` : `Choose another ${option}.`,
      },
      { cause: error },
    );
  }
  return failure(
    {
      code: 'output-failed',
      subject: path,
      problem: `could not be written (${code}).`,
      advice: 'What was finished is kept; the same command goes on from there.',
    },
    { cause: error },
  );
}

function diskFull(error: unknown, path: string): GimbalError {
  return failure(
    {
      code: 'disk-full',
      subject: path,
      problem: 'could not be written: the disk is full.',
      advice: 'What was finished is kept: free some space and give the same command again.',
    },
    { cause: error },
  );
}

/**
 * Runs something that writes to `path`; what goes wrong is told in the user's terms.
 * @param option the one that names the path, where it is not the folder of --out
 */
export async function writing<T>(path: string, work: () => Promise<T>, option?: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw outputError(error, path, option);
  }
}
