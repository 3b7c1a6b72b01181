import type { GraphBuilder } from '../../onnx/builder.ts';
import type { Layout, ParameterSpec } from '../network/parameters.ts';

/**
 * A rule that moves parameters against their gradient. Parameters, gradient and the optimizer's own memory are flat
 * float32 vectors in one layout; arithmetic is the same on every machine: float32 in SGD, in AdamW float64 rounded to
 * float32 on each store.
 */
export interface Optimizer {
  /** Flat vectors of the layout's length that the rule carries from step to step, zero at the start. */
  readonly memories: number;
  /**
   * Updates `parameters` and `memory` in place.
   * @param step number of this update, from 0
   * @param rate learning rate of this update
   * @param ranges the whole vector in stretches of equal weight decay (the recipe's, or 0 for biases and norms) and
   *   scale
   */
  update(
    parameters: Float32Array,
    gradient: Float32Array,
    memory: readonly Float32Array[],
    step: number,
    rate: number,
    ranges: readonly ParameterRange[],
  ): void;
}

/** A stretch [start, end) of the flat vector, the weight decay that holds in it and the scale of its parameters. */
export interface ParameterRange {
  readonly start: number;
  readonly end: number;
  readonly decay: number;
  /** AdamW: see `ParameterSpec`. */
  readonly scale: number;
}

/** The stretches of a layout: `decay` where weight decay applies, 0 elsewhere; equal neighbours are joined. */
export function parameterRanges(layout: Layout, parameters: readonly ParameterSpec[], decay: number): ParameterRange[] {
  const ranges: ParameterRange[] = [];
  layout.slots.forEach((slot, i) => {
    const own = parameters[i].decays ? decay : 0;
    const { scale = 1 } = parameters[i];
    const end = slot.offset + slot.size;
    const last = ranges.at(-1);
    if (last?.decay === own && last.scale === scale) ranges[ranges.length - 1] = { ...last, end };
    else ranges.push({ start: slot.offset, end, decay: own, scale });
  });
  return ranges;
}

/** The same rule written into a graph, for updates that run as graphs. */
export interface OptimizerGraph {
  readonly memories: number;
  /** Moves one tensor. Values are names in the graph: tensors of one shape, and scalars for rate and corrections. */
  update(
    b: GraphBuilder,
    values: OptimizerValues,
  ): { readonly parameters: string; readonly memories: readonly string[] };
}

interface OptimizerValues {
  readonly parameters: string;
  readonly gradient: string;
  readonly memories: readonly string[];
  /** Weight decay. */
  readonly decay: number;
  /** AdamW: see `ParameterSpec`. */
  readonly scale: number;
  readonly rate: string;
  /** Of Adam's means, 1 − βᵗ, t counted from 1. */
  readonly correction1: string;
  readonly correction2: string;
}

/** Writes sums, products and the like of values and numbers. */
export function arithmetic(
  b: GraphBuilder,
): Record<'add' | 'sub' | 'mul' | 'div', (x: string | number, y: string | number) => string> {
  const value = (x: string | number): string => (typeof x === 'number' ? b.constant(x) : x);
  const binary =
    (opType: string) =>
    (x: string | number, y: string | number): string =>
      b.op(opType, [value(x), value(y)]);
  return { add: binary('Add'), sub: binary('Sub'), mul: binary('Mul'), div: binary('Div') };
}
