import { InferenceSession, Tensor } from '../node/runtime/onnxruntime.ts';
import type { Graph, TensorValue } from '../onnx/graph.ts';
import { writeModel } from '../onnx/write.ts';
import { modelOf } from './onnx.ts';

/** Runs a graph once in ONNX Runtime as users run it, with all optimisations; the outputs' elements. */
export async function runGraph(
  graph: Graph,
  feeds: Readonly<Record<string, TensorValue>>,
  opset?: number,
): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(writeModel(modelOf(graph, opset)), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  try {
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, { type, dims, data }]) => [
        name,
        new Tensor(type as 'float32', data as Float32Array, [...dims]),
      ]),
    );
    const results = await session.run(tensors);
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]));
  } finally {
    await session.release();
  }
}

/**
 * Largest difference over the largest magnitude of the reference; the difference itself where the reference is zero.
 */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let [difference, magnitude] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const gap = Math.abs(actual[i] - expected[i]);
    difference = Number.isNaN(gap) ? Infinity : Math.max(difference, gap);
    magnitude = Math.max(magnitude, Math.abs(expected[i]));
  }
  return magnitude === 0 ? difference : difference / magnitude;
}
