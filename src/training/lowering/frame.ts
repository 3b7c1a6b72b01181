import type { Node } from '../../onnx/graph.ts';
import type { Lowering } from './lowering.ts';

/**
 * What a Pad adds (or, negative, cuts off) along two axes of an image, [before, before, after, after].
 * @returns undefined where that is unknown or other axes take part
 */
export function frameAt(
  node: Node,
  lowering: Lowering,
  axes: readonly [number, number],
): readonly number[] | undefined {
  const amounts = lowering.source.numbers(node.inputs[1]);
  const rank = lowering.source.shape(node.inputs[0])?.length;
  if (amounts === undefined || rank === undefined) return undefined;
  const listed = node.inputs[3] ? lowering.source.numbers(node.inputs[3]) : Array.from({ length: rank }, (_, i) => i);
  if (listed === undefined) return undefined;
  const places = listed.map((axis) => (axis < 0 ? axis + rank : axis));
  const others = places.some(
    (axis, i) => !axes.includes(axis) && (amounts[i] !== 0 || amounts[i + places.length] !== 0),
  );
  if (others) return undefined;
  const amount = (axis: number, end: number): number => {
    const place = places.indexOf(axis);
    return place < 0 ? 0 : amounts[place + end * places.length];
  };
  return [0, 1].flatMap((end) => axes.map((axis) => amount(axis, end)));
}
