import { misuse } from '../errors/error.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import { isRuntimeFault, type Runtime, type Session } from '../runtime/runtime.ts';

/**
 * Loads a file, works with it and lets it go.
 * @throws misuse `model-not-loadable` where ONNX Runtime refuses the file
 */
export async function withSession<T>(
  runtime: Runtime,
  bytes: ModelFile,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await load(runtime, bytes);
  try {
    return await work(session);
  } finally {
    await session.release();
  }
}

async function load(runtime: Runtime, bytes: ModelFile): Promise<Session> {
  try {
    return await runtime.createSession(bytes, { threads: 1 });
  } catch (error) {
    if (!isRuntimeFault(error)) throw error;
    throw misuse(
      {
        code: 'model-not-loadable',
        subject: 'model',
        problem: `is refused by ONNX Runtime: ${error.issue.problem}`,
        advice: 'Export it anew, if need be with an older opset.',
      },
      { cause: error },
    );
  }
}
