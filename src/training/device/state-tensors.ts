import type { Trainable } from '../network/trainable.ts';
import type { Layout } from '../network/parameters.ts';
import type { OptimizerGraph } from '../optimizers/optimizer.ts';

/** Name of the output that holds a tensor of the state after the updates. */
export function renewed(name: string): string {
  return `new ${name}`;
}

/** A tensor of the state: part of a flat vector that a checkpoint knows by the name `vector`. */
export interface StateTensor {
  readonly name: string;
  readonly vector: string;
  readonly slot: string;
  readonly dims: readonly number[];
}

/** The state of a run, tensor by tensor: parameters, statistics, the optimizer's memory, averages. */
export function stateTensors(network: Trainable, optimizer: OptimizerGraph, averaged: boolean): StateTensor[] {
  const vectors = [
    'parameters',
    'statistics',
    ...Array.from({ length: optimizer.memories }, (_, i) => `memory ${i}`),
    ...(averaged ? ['averaged parameters', 'averaged statistics'] : []),
  ];
  return vectors.flatMap((vector) =>
    layoutOf(network, vector).slots.map(({ name, dims }) => ({
      name: stateName(vector, name),
      vector,
      slot: name,
      dims,
    })),
  );
}

/** Name of a tensor of the state. */
export function stateName(vector: string, slot: string): string {
  return `${vector}/${slot}`;
}

/** Where the tensors of a vector lie in it. */
export function layoutOf(network: Trainable, vector: string): Layout {
  return vector.endsWith('statistics') ? network.statistics : network.layout;
}
