import { createHash } from 'node:crypto';
import { access, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { misuse } from '../../errors/error.ts';
import { decodeCheckpoint } from '../../training/run/checkpoint.ts';
import { resultOf, type StartingPoint } from '../../training/run/starting-point.ts';
import { CHECKPOINT_BEFORE_FILE, CHECKPOINT_FILE, MODEL_FILE } from './folder-store.ts';

/**
 * Reads what another run is to begin with.
 * @param path run folder of a finished training, or a checkpoint file
 * @throws misuse `start-unreadable`, `start-unfinished`, `bad-checkpoint`
 */
export async function readStart(path: string): Promise<StartingPoint> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, CHECKPOINT_FILE) : path;
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw misuse(
      {
        code: 'start-unreadable',
        subject: path,
        problem: isFolder ? 'holds no training run.' : `cannot be read (${error.code}).`,
        advice: 'Give --from the folder of a gimbal train run, or its checkpoint.bin.',
      },
      { cause: error },
    );
  });
  if (
    isFolder &&
    !(await access(join(path, MODEL_FILE)).then(
      () => true,
      () => false,
    ))
  ) {
    throw misuse({
      code: 'start-unfinished',
      subject: path,
      problem: 'its training is not finished.',
      advice: `Finish it by --resume, or give ${file} to start from where it stands.`,
    });
  }
  const checkpoint = await decodeCheckpoint(
    bytes,
    file,
    `Give --from the checkpoint.bin of a gimbal train run${isFolder ? `; the ${CHECKPOINT_BEFORE_FILE} beside it is where that run stood before` : ''}.`,
  );
  const { parameters, statistics } = resultOf(checkpoint);
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of [parameters, statistics])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  hash.update(JSON.stringify(checkpoint.normalisation ?? null));
  return { name: path, checkpoint, sha256: hash.digest('hex') };
}
