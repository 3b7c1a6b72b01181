import type { Axis } from '../rules/geometry.ts';

/**
 * One residue of the input positions of a strided window: the positions i = q·stride + r.
 *
 * Output j read input i = j·stride + t·dilation − before, so the gradient at i sums g[j]·w[t] over the taps t with
 * i + before − t·dilation divisible by the stride. These taps are t = first + m·u with m = stride / gcd(stride,
 * dilation), and j = q + offset − u·dilation′ with dilation′ = dilation / gcd: a convolution of stride 1 over g with
 * every m-th tap, flipped.
 */
export interface Phase {
  readonly first: number;
  readonly every: number;
  /** How many taps; 0: the forward pass never read these positions. */
  readonly taps: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** @param length how many positions each phase yields: at least ⌈input extent / stride⌉ */
export function phasesOf(axis: Axis, output: number, length: number): Phase[] {
  const divisor = gcd(axis.stride, axis.dilation);
  const every = axis.stride / divisor;
  const dilation = axis.dilation / divisor;
  return Array.from({ length: axis.stride }, (_, r) => {
    let first = 0;
    while (first < Math.min(every, axis.kernel) && (r + axis.before - first * axis.dilation) % axis.stride !== 0)
      first++;
    if (first >= Math.min(every, axis.kernel)) return { first: 0, every, taps: 0, dilation, before: 0, after: 0 };
    const taps = Math.ceil((axis.kernel - first) / every);
    const offset = (r + axis.before - first * axis.dilation) / axis.stride;
    return {
      first,
      every,
      taps,
      dilation,
      before: (taps - 1) * dilation - offset,
      after: length - 1 + offset - (output - 1),
    };
  });
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
