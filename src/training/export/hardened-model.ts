import { toFloat16 } from '../../float16/float16.ts';
import type { Attribute, Model, Node, TensorData, TensorValue } from '../../onnx/graph.ts';
import { constantsOf } from '../network/constants.ts';
import type { TrainingSettings } from '../recipes/recipe.ts';
import { limitsOf, METADATA, trainedOnMetadata } from './inference-model.ts';
import type { ImportedNetwork } from '../network/imported-network.ts';
import type { NetworkState } from '../network/trainable.ts';

/** Where the metadata of a hardened model tells how it was made. */
export const HARDENED = 'gimbal.hardened';

/** What a file says of weights that hardening moved. */
export interface Moved {
  readonly settings: TrainingSettings;
  /** Of the data. */
  readonly fingerprint: string;
  /** Positions of the images that were held out. */
  readonly heldOut: readonly number[];
}

/**
 * The model that was hardened with its new weights: names, types, layout, opsets, activation and metadata are its own,
 * and so is every byte of a constant that training did not move. What a model of Gimbal's tells of its training no
 * longer holds where the weights moved.
 * @param original the model as its file has it
 * @param how for the metadata
 * @param moved undefined: the weights are those that it came with
 */
export function hardenedModel(
  original: Model,
  network: ImportedNetwork,
  state: NetworkState,
  how: object,
  moved?: Moved,
): Model {
  const before = network.constantsOf(network.initialState());
  const constants = constantsOf(original.graph);
  const renewed = new Map<string, TensorValue>();
  for (const [name, after] of network.constantsOf(state)) {
    const constant = constants.get(name)!.value;
    renewed.set(name, { ...constant, data: renewedData(constant, before.get(name)!, after) });
  }
  const { graph } = original;
  return {
    ...original,
    metadata: new Map([
      ...(moved === undefined ? original.metadata : toldAnew(original.metadata, network, moved)),
      [HARDENED, JSON.stringify(how)],
    ]),
    graph: {
      ...graph,
      initializers: new Map([...graph.initializers].map(([name, value]) => [name, renewed.get(name) ?? value])),
      nodes: graph.nodes.map((node) => withValue(node, renewed.get(node.outputs[0]))),
    },
  };
}

function toldAnew(
  metadata: ReadonlyMap<string, string>,
  { shape }: ImportedNetwork,
  { settings, fingerprint, heldOut }: Moved,
): (readonly [string, string])[] {
  const replaced = new Set<string>(Object.values(METADATA));
  return [
    ...[...metadata].filter(([key]) => !replaced.has(key)),
    [METADATA.settings, JSON.stringify(settings)],
    [METADATA.limits, limitsOf(shape, settings)],
    ...trainedOnMetadata({ fingerprint, heldOut }),
  ];
}

/** The weights in the file's own type; those that did not move keep their bits. */
function renewedData({ type, data }: TensorValue, before: Float32Array, after: Float32Array): TensorData {
  if (type === 'float32') return after.slice();
  if (type !== 'float16') throw new Error(`internal: a weight of type ${type}`);
  return (data as Uint16Array).map((bits, i) => (after[i] === before[i] ? bits : toFloat16(after[i])));
}

function withValue(node: Node, value: TensorValue | undefined): Node {
  if (value === undefined || node.opType !== 'Constant') return node;
  const attribute: Attribute = { kind: 'tensor', value };
  return { ...node, attributes: new Map([...node.attributes, ['value', attribute]]) };
}
