import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from '../node/runtime/onnxruntime.ts';
import { numbersOf } from '../onnx/tensor.ts';
import { writeModel } from '../onnx/write.ts';
import { WORKING_OPSET, type Graph, type Model, type TensorValue } from '../onnx/graph.ts';

/**
 * Files that live beside the repository and are never copied into it; tests that need them skip where they are missing.
 */
export const SHARED = process.env.GIMBAL_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared');

export const SHARED_MODELS = [
  'cifar10_resnet20',
  'cifar10_small_nhwc',
  'mnist_convnet_maxpool',
  'squeezenet1.1',
  'tf2_mobilenet_v2_1.0_224_ptq_dequant',
] as const;

export function sharedModelPath(name: string): string {
  return join(SHARED, 'models', `${name}.onnx`);
}

/** For `test.skipIf(!hasSharedModels)`. */
export const hasSharedModels = existsSync(sharedModelPath(SHARED_MODELS[0]));

export function sharedModel(name: string): Uint8Array {
  return readFileSync(sharedModelPath(name));
}

/** A model around a graph, in an opset; operators of other domains in version 1. */
export function modelOf(graph: Graph, opset = WORKING_OPSET): Model {
  const others = new Set(graph.nodes.map((node) => node.domain).filter((domain) => domain !== ''));
  const domains = [...others].map((domain): [string, number] => [domain, 1]);
  return { irVersion: 9, opsets: new Map([['', opset], ...domains]), producer: 'test', metadata: new Map(), graph };
}

/** Runs a model once in ONNX Runtime, without its optimisations; the outputs as numbers with their shapes. */
export async function runOnnx(
  model: Model | Uint8Array,
  feeds: Readonly<Record<string, TensorValue>>,
): Promise<Record<string, { dims: readonly number[]; values: number[] }>> {
  const bytes = model instanceof Uint8Array ? model : writeModel(model);
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  try {
    const tensors = Object.entries(feeds).map(([name, { type, data, dims }]) => [
      name,
      new Tensor(type as 'float32', data as Float32Array, dims),
    ]);
    const results = await session.run(Object.fromEntries(tensors) as Record<string, Tensor>);
    return Object.fromEntries(
      Object.entries(results).map(([name, { type, dims, data }]) => [
        name,
        { dims, values: numbersOf({ type: type as 'float32', dims, data: data as Float32Array }) },
      ]),
    );
  } finally {
    await session.release();
  }
}

/** Numbers that look random and are the same everywhere: sin(1), sin(2), … scaled to [−1, 1]. */
export function wave(dims: readonly number[], phase = 1): TensorValue {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return {
    type: 'float32',
    dims,
    data: Float32Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + phase))),
  };
}
