import { randomStream } from '../../random/stream.ts';
import type { Layout, ParameterSpec } from './parameters.ts';

/** How a tensor starts: one value throughout, or independent normal draws. */
export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly std: number };

export function constantFill(value: number): Initialiser {
  return { kind: 'constant', value };
}

/** He et al., 2015, for layers followed by ReLU: variance 2 / fan-in. */
export function heNormal(fanIn: number): Initialiser {
  return { kind: 'normal', std: Math.sqrt(2 / fanIn) };
}

/** LeCun, for layers without an activation: variance 1 / fan-in. */
export function lecunNormal(fanIn: number): Initialiser {
  return { kind: 'normal', std: Math.sqrt(1 / fanIn) };
}

/**
 * The starting values of all tensors of a layout, as one flat vector: a pure function of the seed and of each
 * tensor's name.
 */
export function initialise(layout: Layout, parameters: readonly ParameterSpec[], seed: number): Float32Array {
  const vector = new Float32Array(layout.total);
  layout.slots.forEach(({ name, offset, size }, i) => {
    const { initialiser } = parameters[i];
    if (initialiser.kind === 'constant') {
      vector.fill(initialiser.value, offset, offset + size);
      return;
    }
    const stream = randomStream(seed, `initialise ${name}`);
    for (let start = 0; start < size; start += 4) {
      const draws = stream.normal4(start >> 2);
      for (let j = 0; j < 4 && start + j < size; j++) vector[offset + start + j] = initialiser.std * draws[j];
    }
  });
  return vector;
}
