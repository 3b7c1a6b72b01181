import { sha256Of } from '../../digest/sha256.ts';
import { GimbalError, misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { decodeCheckpoint } from '../../training/run/checkpoint.ts';
import type { Files } from '../../ports/files.ts';
import { resultOf, type StartingPoint } from '../../training/run/starting-point.ts';
import { CHECKPOINT_BEFORE_FILE, CHECKPOINT_FILE, MODEL_FILE } from './training-files.ts';

/**
 * Reads what another run is to begin with.
 * @param path run folder of a finished training, or a checkpoint file
 * @throws misuse `start-unreadable`, `start-unfinished`, `bad-checkpoint`
 */
export async function readStart(files: Files, path: string): Promise<StartingPoint> {
  const isFolder = (await files.kindOf(path)) === 'folder';
  const file = isFolder ? files.join(path, CHECKPOINT_FILE) : path;
  const bytes = await files.read(file).catch((error) => {
    const why = error instanceof GimbalError ? error.issue.problem : 'cannot be read.';
    throw misuse(
      {
        code: 'start-unreadable',
        subject: path,
        problem: isFolder ? 'holds no training run.' : why,
        advice: `Give ${optionWords('from')} the folder of a gimbal train run, or its checkpoint.bin.`,
      },
      { cause: error },
    );
  });
  if (isFolder && (await files.kindOf(files.join(path, MODEL_FILE))) === undefined) {
    throw misuse({
      code: 'start-unfinished',
      subject: path,
      problem: 'its training is not finished.',
      advice: `Finish it by the command that began it, or give ${file} to start from where it stands.`,
    });
  }
  const checkpoint = await decodeCheckpoint(
    bytes,
    file,
    `Give ${optionWords('from')} the checkpoint.bin of a gimbal train ` +
      `run${isFolder ? `; the ${CHECKPOINT_BEFORE_FILE} beside it is where that run stood before` : ''}.`,
  );
  const { parameters, statistics } = resultOf(checkpoint);
  const sha256 = sha256Of(
    ...[parameters, statistics].map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    ),
    new TextEncoder().encode(JSON.stringify(checkpoint.normalisation ?? null)),
  );
  return { name: path, checkpoint, sha256 };
}
