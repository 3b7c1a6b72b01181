import { GimbalError, misuse } from '../errors/error.ts';
import type { Session } from '../runtime/runtime.ts';
import type { ModelDescription, OutputKind } from './description.ts';
import { checkWidth } from './describe-output.ts';
import { createEncoder } from './encoder.ts';
import { createInputBatch } from './input-batch.ts';
import { evenlySpread } from './made-up-images.ts';
import type { Preprocessing } from './preprocessing.ts';
import { valuesOf } from './scores.ts';

/** Scores of a few made-up images: what a run tells of a model that its file does not. */
export interface ModelProbe {
  readonly rows: number;
  readonly width: number;
  /** [rows, width], as the model gives them. */
  readonly scores: Float64Array;
}

/** Images in a probe: more than one, so that a batch fixed inside the graph shows, and images that are mixed up. */
export const PROBED = 3;

/**
 * Runs the model on made-up images, in one batch where the model allows.
 * @param rows images; a multiple of the batch where the model fixes it
 * @throws whatever the session throws; misuse where the output is no row of scores for each image
 */
export async function probe(
  session: Session,
  { input, output }: ModelDescription,
  preprocessing: Preprocessing,
  rows: number,
): Promise<ModelProbe> {
  const count = input.batch === 'free' ? rows : input.batch;
  const images = createInputBatch(input, createEncoder(input, preprocessing), count);
  const parts: (Float32Array | Float64Array)[] = [];
  for (let from = 0; from < rows; from += count) {
    for (let i = 0; i < count; i++) images.put(i, (raw) => evenlySpread(from + i, raw));
    const { [output.name]: tensor } = await session.run({ [input.name]: images.tensor(count) }, [output.name]);
    if (!isRowsOf(count, tensor.dims)) throw notRows(output.name, tensor.dims, count);
    parts.push(valuesOf(tensor));
  }
  const width = parts.reduce((sum, { length }) => sum + length, 0) / rows;
  checkWidth(output.name, width, output.labelOffset);
  const scores = new Float64Array(rows * width);
  parts.forEach((part, i) => scores.set(part, i * count * width));
  return { rows, width, scores };
}

const NOT_ROWS = 'not-rows';

/** Whether a probe failed by the shape of the output, which may be another in another batch. */
export function isNotRows(error: unknown): error is GimbalError {
  return error instanceof GimbalError && error.issue.code === NOT_ROWS;
}

function notRows(name: string, dims: readonly number[], count: number): Error {
  return misuse({
    code: NOT_ROWS,
    subject: `model output '${name}'`,
    problem:
      `has the shape [${dims.join(', ')}] for ${count === 1 ? 'one image' : `${count} images`}; ` +
      `a classifier gives [${count}, classes].`,
    advice: 'Gimbal measures classifiers only.',
  });
}

/** One row of scores for each image, one after the other: `[count, classes]`, with any axes of 1 between. */
function isRowsOf(count: number, dims: readonly number[]): boolean {
  const sizes = dims.filter((d) => d !== 1);
  return count === 1 ? sizes.length <= 1 : sizes[0] === count && sizes.length <= 2;
}

/**
 * The kind of scores: what the graph declares, unless the rows show that they are probabilities all the same, or not.
 */
export function kindOfScores(declared: OutputKind, { rows, width, scores }: ModelProbe): OutputKind {
  if (width === 1 || declared === 'sigmoid' || declared === 'log-probabilities') return declared;
  // float16 and quantised probabilities are off by up to a step for each class.
  const tolerance = declared === 'probabilities' ? 0.01 + width / 512 : 1e-3;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      if (!(scores[i] >= 0)) return 'logits';
      sum += scores[i];
    }
    if (Math.abs(sum - 1) > tolerance) return 'logits';
  }
  return 'probabilities';
}
