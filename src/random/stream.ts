import { philox } from './philox.ts';

/**
 * A named family of random numbers under a seed. Every number is a pure function of (seed, name, i, j, k),
 * so that batch size, threads, shards and interruptions never change what is drawn.
 */
export interface RandomStream {
  /** Four independent uniform numbers in [0, 1), multiples of 2⁻³². Indices are whole numbers in [0, 2³²). */
  uniform4(i: number, j?: number, k?: number): [number, number, number, number];
  /** Four independent standard normal numbers, by Box and Muller (1958). */
  normal4(i: number, j?: number, k?: number): [number, number, number, number];
}

/**
 * Numbers that are a pure function of a seed, a name and indices.
 * @param seed a whole number in [0, 2⁵³)
 * @param name what the numbers are for; streams of different names are independent
 */
export function randomStream(seed: number, name: string): RandomStream {
  const key: [number, number] = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
  const family = hashName(name);
  const uniform4: RandomStream['uniform4'] = (i, j = 0, k = 0) => {
    const [a, b, c, d] = philox([i, j, k, family], key);
    return [a / 2 ** 32, b / 2 ** 32, c / 2 ** 32, d / 2 ** 32];
  };
  return {
    uniform4,
    normal4: (i, j, k) => {
      const [a, b, c, d] = uniform4(i, j, k);
      // 1 − a lies in (0, 1], so that the logarithm is finite.
      const r1 = Math.sqrt(-2 * Math.log(1 - a));
      const r2 = Math.sqrt(-2 * Math.log(1 - c));
      return [
        r1 * Math.cos(2 * Math.PI * b),
        r1 * Math.sin(2 * Math.PI * b),
        r2 * Math.cos(2 * Math.PI * d),
        r2 * Math.sin(2 * Math.PI * d),
      ];
    },
  };
}

/** 32-bit FNV-1a hash. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A permutation of 0 … length − 1 by Fisher and Yates, a pure function of the stream and `index`. */
export function permutation(length: number, stream: RandomStream, index: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let last = length - 1; last > 0; last--) {
    const pick = Math.floor(stream.uniform4(index, last)[0] * (last + 1));
    const kept = order[last];
    order[last] = order[pick];
    order[pick] = kept;
  }
  return order;
}
