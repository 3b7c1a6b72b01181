import { writeModel } from '../onnx/write.ts';
import type { Runtime, Session } from '../runtime/runtime.ts';
import type { ProbedDescription } from './description.ts';
import type { PreparedModel } from './prepared-model.ts';
import { probe, type Probe } from './probe.ts';
import { readScores } from './scores.ts';

/** How far the probabilities of an image may lie apart that two forms of one model give, as a part of the largest: rounding, also in float16. */
const AGREEMENT = 1e-3;

/** A model that may stand in for another, if a run shows that it gives the same scores. */
export type Rewriting = Pick<PreparedModel, 'model' | 'description'> & { readonly note: string };

/**
 * Takes a rewritten model in the place of another if it gives the probabilities of the user's own on the made-up images.
 * @param expected [images, width]
 */
export async function adopt(runtime: Runtime, plain: PreparedModel, rewriting: Rewriting | undefined, expected: readonly number[]): Promise<PreparedModel> {
  if (rewriting === undefined) return plain;
  const { model, description, note } = rewriting;
  const bytes = writeModel(model);
  let session: Session | undefined;
  try {
    session = await runtime.createSession(bytes, { threads: 1 });
    const { width } = description.output;
    const given = probabilities(await probe(session, description, plain.preprocessing, expected.length / width), description);
    return agree(expected, given, width) ? { ...plain, model, description, bytes, notes: [...plain.notes, note] } : plain;
  } catch {
    // The user's own model did run: it is used.
    return plain;
  } finally {
    await session?.release();
  }
}

/** Of many classes even the largest probability may be small, so that the measure is taken of it. */
function agree(expected: readonly number[], given: readonly number[], width: number): boolean {
  return Array.from({ length: expected.length / width }, (_, row) => row * width).every((start) => {
    const row = expected.slice(start, start + width);
    const largest = row.reduce((a, b) => Math.max(a, b));
    return row.every((p, i) => Math.abs(p - given[start + i]) <= AGREEMENT * largest);
  });
}

/** Class probabilities of probed rows, [rows, width]. */
export function probabilities(seen: Probe, { output }: ProbedDescription): number[] {
  const logits = readScores(seen.scores, { ...output, labelOffset: 0 }, seen.rows);
  return Array.from({ length: seen.rows }, (_, row) => {
    const scores = logits.subarray(row * seen.width, (row + 1) * seen.width);
    const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    const exponentials = Array.from(scores, (s) => Math.exp(s - largest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    return exponentials.map((e) => e / sum);
  }).flat();
}
