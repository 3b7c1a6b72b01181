import { readFileSync } from 'node:fs';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Attribute, Graph, TensorValue } from '../onnx/graph.ts';
import { decodeTensor } from './gradient-reference.ts';
import type { StoredTensor } from './gradient-reference.ts';

interface StoredNet {
  readonly name: string;
  readonly nodes: readonly {
    opType: string;
    inputs: string[];
    outputs: string[];
    attributes: Record<string, Attribute>;
  }[];
  readonly constants: Readonly<Record<string, StoredTensor>>;
  readonly scores: string;
  readonly classes: number;
  readonly image: StoredTensor;
  readonly labels: readonly number[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, StoredTensor>>;
}

/** A small net with images and labels, and the gradients of the summed cross-entropy by image and parameters. */
export interface NetCase {
  readonly name: string;
  readonly graph: Graph;
  readonly scores: string;
  readonly image: TensorValue;
  readonly labels: readonly number[];
  readonly loss: number;
  /** By `image` and the parameters' names. */
  readonly gradients: ReadonlyMap<string, TensorValue>;
}

interface StoredModel {
  readonly name: string;
  readonly input: string;
  readonly shape: readonly number[];
  readonly labels: readonly number[];
  readonly scores: string;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, { step: number; largest: number; values: string }>>;
}

/** Gradients of a model's summed cross-entropy at every `step`-th element, by its input and some parameters. */
export interface ModelCase extends Omit<StoredModel, 'gradients'> {
  readonly gradients: ReadonlyMap<
    string,
    { readonly step: number; readonly largest: number; readonly values: Float32Array }
  >;
}

function stored<T>(name: string): T[] {
  const file = new URL(`../../src/gradients/reference/${name}`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: T[] }).cases;
}

/** The small nets of tools/net-gradient-reference.py. */
export function netCases(): NetCase[] {
  return stored<StoredNet>('nets.json').map((net) => {
    const b = new GraphBuilder(net.name);
    const image = decodeTensor(net.image);
    b.input('image', 'float32', ['batch', ...image.dims.slice(1)]);
    for (const [name, tensor] of Object.entries(net.constants)) b.initializer(name, decodeTensor(tensor));
    for (const { opType, inputs, outputs, attributes } of net.nodes) b.node(opType, inputs, outputs, attributes);
    b.output(net.scores, 'float32', ['batch', net.classes]);
    const gradients = new Map(Object.entries(net.gradients).map(([name, tensor]) => [name, decodeTensor(tensor)]));
    return {
      name: net.name,
      graph: b.build(),
      scores: net.scores,
      image,
      labels: net.labels,
      loss: net.loss,
      gradients,
    };
  });
}

/** The references of tools/net-gradient-reference.py for models that are not part of the repository. */
export function modelCases(): ModelCase[] {
  return stored<StoredModel>('models.json').map((model) => ({
    ...model,
    gradients: new Map(
      Object.entries(model.gradients).map(([name, { step, largest, values }]) => [
        name,
        { step, largest, values: new Float32Array(Uint8Array.from(Buffer.from(values, 'base64')).buffer) },
      ]),
    ),
  }));
}

/** The images that the references of models are made with: 0.5 + 0.5 · sin(12.9898 (i + 1)). */
export function waveImages(dims: readonly number[]): TensorValue {
  const count = dims.reduce((product, d) => product * d, 1);
  return {
    type: 'float32',
    dims,
    data: Float32Array.from({ length: count }, (_, i) => 0.5 + 0.5 * Math.sin(12.9898 * (i + 1))),
  };
}
