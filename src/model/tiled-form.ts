import { GimbalError } from '../errors/error.ts';
import type { Model } from '../onnx/graph.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import { tileConvolutions } from '../onnx/winograd/tile-convolutions.ts';
import { writeModelFile } from '../onnx/write-file.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import { isRuntimeFault, type Runtime } from '../runtime/runtime.ts';
import { rowsAgree } from './agreement.ts';
import { wholeBatches } from './input-batch.ts';
import type { PreparedModel } from './prepared-model.ts';
import { isNotRows, PROBED, probe, type ModelProbe } from './probe.ts';

/** A form of a model that a CPU runs faster, for scores. */
export interface TiledForm {
  readonly bytes: ModelFile;
  /** Images in a run at least: products with the rows of a single one may be summed in another order. */
  readonly fewest: number;
}

/**
 * The form of a model with wide convolutions by 3×3 as products of matrices (`tileConvolutions`), if it gives the same
 * scores up to rounding, tried on made-up images. Gradients are not for it: where inputs are equal, as in a constant
 * border, rounding decides which of them a MaxPool takes.
 *
 * @param batch images that run together
 * @returns undefined where nothing is gained
 */
export async function tiledForm(
  runtime: Runtime,
  { model, description, preprocessing, bytes }: PreparedModel,
  batch: number,
): Promise<TiledForm | undefined> {
  const { input } = description;
  const tiled = tile(model, input.dims, input.batch === 'free' ? batch : input.batch);
  if (tiled === undefined) return undefined;
  const scores = async (file: ModelFile): Promise<ModelProbe> => {
    const session = await runtime.createSession(file, { threads: 1 });
    try {
      return await probe(session, description, preprocessing, wholeBatches(PROBED, input));
    } finally {
      await session.release();
    }
  };
  try {
    const plain = await scores(bytes);
    return rowsAgree(plain.scores, (await scores(tiled)).scores, plain.width, spread)
      ? { bytes: tiled, fewest: 2 }
      : undefined;
  } catch (error) {
    // The model as it stands is run, and tells what is wrong with it if something is.
    if (isRuntimeFault(error) || isNotRows(error)) return undefined;
    throw error;
  }
}

/** @param dims of one image: the user may have said what the file does not */
function tile(model: Model, dims: readonly number[], batch: number): ModelFile | undefined {
  try {
    const { graph, ...rest } = toWorkingOpset(model);
    const [images, ...others] = graph.inputs;
    const tiled = tileConvolutions(
      { ...graph, inputs: [{ ...images, shape: [images.shape?.[0] ?? null, ...dims] }, ...others] },
      batch,
    );
    return tiled && writeModelFile({ ...rest, graph: tiled });
  } catch (error) {
    // An opset or operator that cannot be brought to the working opset: the model runs as it is.
    if (error instanceof GimbalError) return undefined;
    throw error;
  }
}

function spread(row: Float64Array): number {
  return row.reduce((a, b) => Math.max(a, b)) - row.reduce((a, b) => Math.min(a, b));
}
