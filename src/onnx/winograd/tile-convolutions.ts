import type { Graph, Node, TensorValue } from '../graph.ts';
import { inferShapes } from '../infer.ts';
import { pruneGraph } from '../prune.ts';
import {
  constantFloats,
  directCost,
  tiledConvolution,
  tiledCost,
  weightCount,
  type TiledConvolution,
} from './convolution.ts';
import { PixelsFirst } from './pixels-first.ts';

/** A rewritten convolution is to take this part of its time at most: less gain is not worth the larger weights. */
const WORTHWHILE = 0.8;

/**
 * Bytes of transformed weights, which are up to four times as many as before and lie in the memory of every session.
 */
const MOST_BYTES = 128 * 2 ** 20;

/**
 * Computes wide convolutions by 3×3 with minimal filters (Lavin & Gray, "Fast Algorithms for Convolutional Neural
 * Networks", CVPR 2016) where that is faster: inputs are transformed, multiplied place by place, and transformed back,
 * with a fraction of the multiplications. ONNX Runtime's CPU kernels do not do so themselves. The scores are the same
 * up to rounding.
 *
 * All of it is matrix products. Values lie as [height · width, batch, channels] meanwhile, from one convolution through
 * activations and sums to the next; the blocked layout of the runtime is taken up again where another operator follows.
 *
 * @param graph of the working opset
 * @param batch images that run together: the transformed weights are copied anew for each run
 * @param mostBytes of transformed weights
 * @returns undefined where nothing is gained
 */
export function tileConvolutions(graph: Graph, batch: number, mostBytes = MOST_BYTES): Graph | undefined {
  const constantOf = constantFloats(graph);
  const chosen = choose(graph, constantOf, batch, mostBytes);
  if (chosen.size === 0) return undefined;
  return pruneGraph(new PixelsFirst(graph, chosen, constantOf).writeAll());
}

/** Those that gain, the most gain for its memory first, while there is memory left. */
function choose(
  graph: Graph,
  constantOf: (name: string) => TensorValue | undefined,
  batch: number,
  mostBytes: number,
): ReadonlyMap<Node, TiledConvolution> {
  const infos = inferShapes(graph);
  const gaining = graph.nodes
    .flatMap((node) => tiledConvolution(node, infos, constantOf) ?? [])
    .map((convolution) => ({
      convolution,
      direct: directCost(convolution),
      cost: tiledCost(convolution, batch),
      bytes: 4 * weightCount(convolution),
    }))
    .filter(({ direct, cost }) => cost <= WORTHWHILE * direct)
    .map(({ convolution, direct, cost, bytes }) => ({ convolution, gain: direct - cost, bytes }))
    .sort((a, b) => b.gain / b.bytes - a.gain / a.bytes);
  const chosen = new Map<Node, TiledConvolution>();
  let room = mostBytes;
  for (const { convolution, bytes } of gaining) {
    if (bytes > room) continue;
    room -= bytes;
    chosen.set(convolution.node, convolution);
  }
  return chosen;
}
