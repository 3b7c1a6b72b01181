import { crossEntropyOfRows } from '../../gradients/losses.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';
import { codeOf } from '../../onnx/element-type.ts';
import type { Trainable } from '../network/trainable.ts';
import type { Interpolation } from '../../transform/transformation.ts';
import { WRONG } from '../objectives/candidates.ts';
import { MAP_SIZE, warpGraph } from './warp-graph.ts';

/**
 * The worst of each image's candidates, ties to the earlier one: `byCrossEntropy` of objectives/candidates.ts as a
 * graph.
 * @param images [batch, channels, height, width] @param maps [batch, k, 6] @param labels [batch, classes] @param frozen
 *   images → logits @returns [batch, 1, 6]
 */
export function worstMaps(
  b: GraphBuilder,
  {
    network,
    batch,
    candidates,
    interpolation,
  }: {
    readonly network: Trainable;
    readonly batch: number;
    readonly candidates: number;
    readonly interpolation?: Interpolation;
  },
  images: string,
  maps: string,
  labels: string,
  frozen: (input: string) => string,
): string {
  const { shape, classes } = network;
  const dims = [shape.channels, shape.height, shape.width];
  const each = b.op('Expand', [
    b.op('Reshape', [images, b.ints([batch, 1, ...dims])]),
    b.ints([batch, candidates, ...dims]),
  ]);
  const logits = frozen(warpGraph(b, b.op('Reshape', [each, b.ints([-1, ...dims])]), maps, shape, interpolation));
  const scores = b.op('Reshape', [logits, b.ints([batch, candidates, classes])]);
  const oneAtLabel = b.op('Reshape', [labels, b.ints([batch, 1, classes])]);
  const loss = crossEntropyOfRows(b, scores, oneAtLabel);
  const atLabel = b.op('ReduceSum', [b.op('Mul', [scores, oneAtLabel]), b.ints([2])], { keepdims: 0 });
  const highest = b.op('ReduceMax', [scores, b.ints([2])], { keepdims: 0 });
  const wrong = b.op('Cast', [b.op('Less', [atLabel, highest])], { to: codeOf('float32') });
  const badness = b.op('Add', [loss, b.op('Mul', [wrong, b.constant(WRONG.float32)])]);
  const [, worst] = b.ops('TopK', [badness, b.ints([1])], 2, { axis: 1 });
  const places = b.op('Expand', [b.op('Reshape', [worst, b.ints([batch, 1, 1])]), b.ints([batch, 1, MAP_SIZE])]);
  return b.op('GatherElements', [maps, places], { axis: 1 });
}
