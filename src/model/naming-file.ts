import { GimbalError } from '../errors/error.ts';

/** Works on a model; what the core says of "the model", which knows no files, is said of the file. */
export async function namingFile<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GimbalError && error.issue.subject === 'model')
      throw new GimbalError(error.kind, { ...error.issue, subject: path }, { cause: error });
    throw error;
  }
}
