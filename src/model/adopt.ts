import { writeModelFile } from '../onnx/write-file.ts';
import { isRuntimeFault, type Runtime, type Session } from '../runtime/runtime.ts';
import { largestOf } from '../statistics/extremes.ts';
import { softmax } from '../statistics/softmax.ts';
import { rowsAgree } from './agreement.ts';
import type { ProbedDescription } from './description.ts';
import type { PreparedModel } from './prepared-model.ts';
import { isNotRows, probe, type ModelProbe } from './probe.ts';
import { readScores } from './scores.ts';

/** A model that may stand in for another, if a run shows that it gives the same scores. */
export type AdoptedForm = Pick<PreparedModel, 'model' | 'description'> & { readonly note: string };

/**
 * Takes a rewritten model in the place of another if it gives the probabilities of the user's own on the made-up
 * images.
 * @param expected [images, width]
 */
export async function adopt(
  runtime: Runtime,
  plain: PreparedModel,
  rewriting: AdoptedForm | undefined,
  expected: Float64Array,
): Promise<PreparedModel> {
  if (rewriting === undefined) return plain;
  const { model, description, note } = rewriting;
  const bytes = writeModelFile(model);
  let session: Session | undefined;
  try {
    session = await runtime.createSession(bytes, { threads: 1 });
    const { width } = description.output;
    const given = probabilities(
      await probe(session, description, plain.preprocessing, expected.length / width),
      description,
    );
    return rowsAgree(expected, given, width, largestOf)
      ? { ...plain, model, description, bytes, notes: [...plain.notes, note] }
      : plain;
  } catch (error) {
    // The user's own model did run: it is used.
    if (isRuntimeFault(error) || isNotRows(error)) return plain;
    throw error;
  } finally {
    await session?.release();
  }
}

/** Class probabilities of probed rows, [rows, width]. */
export function probabilities(seen: ModelProbe, { output }: ProbedDescription): Float64Array {
  const logits = readScores(seen.scores, { ...output, labelOffset: 0 }, seen.rows);
  return softmax(logits, seen.width, new Float64Array(logits.length));
}
