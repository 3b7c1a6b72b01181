import { failure } from '../../errors/error.ts';
import { readRegular } from './regular-file.ts';

/** No photograph has more bytes. */
const MOST_BYTES = 2 ** 30;

/** What the system says where it has run out of file handles or memory. */
const EXHAUSTED = ['EMFILE', 'ENFILE', 'ENOMEM'];

/** @throws misuse `unreadable-file`, `file-too-large`; failure `reading-failed` where that is no fault of the file */
export async function readImage(path: string): Promise<Uint8Array> {
  return readRegular(path, MOST_BYTES).catch((error: Error & { cause?: NodeJS.ErrnoException }) => {
    if (!EXHAUSTED.includes(error.cause?.code ?? '')) throw error;
    const problem = `could not be read (${error.message}).`;
    throw failure({ code: 'reading-failed', subject: path, problem }, { cause: error });
  });
}
