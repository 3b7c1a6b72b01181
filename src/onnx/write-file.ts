import type { ModelFile } from '../runtime/model-file.ts';
import type { Model, TensorValue } from './graph.ts';
import { bytesOf } from './tensor.ts';
import { writeModel } from './write.ts';

/** Weights together from which on they are kept apart. */
const LARGE_MODEL = 32 * 2 ** 20;
/** What a tensor takes at least for that. */
const LARGE_TENSOR = 2 ** 20;

/** A file to make sessions from: the weights of a large model stay where they are, and are not copied into the file. */
export function writeModelFile(model: Model): ModelFile {
  const large = [...model.graph.initializers].filter(([, tensor]) => isLarge(tensor));
  const total = large.reduce((sum, [, tensor]) => sum + byteLength(tensor), 0);
  if (total < LARGE_MODEL) return writeModel(model);
  const locations = new Map(large.map(([name], i) => [name, `weights-${i}`]));
  return {
    bytes: writeModel(model, locations),
    weights: new Map(large.map(([name, { data }]) => [locations.get(name)!, bytesOf(data as Float32Array)])),
  };
}

function isLarge(tensor: TensorValue): boolean {
  return byteLength(tensor) >= LARGE_TENSOR;
}

function byteLength({ data }: TensorValue): number {
  return ArrayBuffer.isView(data) ? data.byteLength : 0;
}
