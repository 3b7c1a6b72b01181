import { misuse } from '../errors/error.ts';
import type { Session } from '../runtime/runtime.ts';
import type { ModelDescription, OutputKind } from './description.ts';
import { checkWidth } from './describe-output.ts';
import { createEncoder } from './encoder.ts';
import { createInputBatch } from './input-batch.ts';
import type { Preprocessing } from './preprocessing.ts';
import { valuesOf } from './scores.ts';

/** Scores of a few made-up images: what a run tells of a model that its file does not. */
export interface Probe {
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
): Promise<Probe> {
  const count = input.batch === 'free' ? rows : input.batch;
  const images = createInputBatch(input, createEncoder(input, preprocessing), count);
  const scores: number[] = [];
  for (let from = 0; from < rows; from += count) {
    for (let i = 0; i < count; i++) images.put(i, (raw) => madeUpImage(from + i, raw));
    const { [output.name]: tensor } = await session.run({ [input.name]: images.tensor(count) }, [output.name]);
    const { dims } = tensor;
    if (dims.length < 2 || dims[0] !== count || dims.slice(1).filter((d) => d !== 1).length > 1) {
      throw misuse({
        code: 'not-a-classifier',
        subject: `model output '${output.name}'`,
        problem: `has the shape [${dims.join(', ')}] for ${count} images; a classifier gives [${count}, classes].`,
        advice: 'Gimbal measures classifiers only.',
      });
    }
    scores.push(...valuesOf(tensor));
  }
  const width = scores.length / rows;
  checkWidth(output.name, width, output.labelOffset);
  return { rows, width, scores: Float64Array.from(scores) };
}

/** The kind of scores: what the graph declares, unless the rows show that they are probabilities all the same, or not. */
export function kindOfScores(declared: OutputKind, { rows, width, scores }: Probe): OutputKind {
  if (declared === 'sigmoid' || declared === 'log-probabilities') return declared;
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

/** Spread evenly over [0, 1] (multiples of the golden ratio, modulo 1), another start for each image. */
function madeUpImage(index: number, target: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] = ((i + 1) * 0.6180339887498949 + index * 0.7548776662466927) % 1;
}
