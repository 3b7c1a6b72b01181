import { intOf } from '../onnx/attributes.ts';
import { isFloat } from '../onnx/element-type.ts';
import type { Model, Node, ValueInfo } from '../onnx/graph.ts';
import { inferShapes } from '../onnx/infer.ts';
import { fromFront } from '../onnx/inference/dimension.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { choiceBehind } from './describe-output.ts';

/**
 * A model that chooses a class itself, with the scores that it chooses by in place of its choice: an output that is an
 * ArgMax or TopK over the classes becomes what goes into that.
 *
 * @param wanted the output that the user names
 * @returns undefined where no output is such a choice
 */
export function withScoresInPlaceOfChoice(
  model: Model,
  wanted: string | undefined,
): { readonly model: Model; readonly output: string; readonly note: string } | undefined {
  const { graph } = model;
  const outputs = graph.outputs.filter(({ name }) => wanted === undefined || name === wanted);
  const infos = inferShapes(graph);
  for (const { name } of outputs) {
    const choice = choiceBehind(graph, name);
    const scores = choice && infos.get(choice.inputs[0]);
    if (choice === undefined || scores === undefined || !isOverClasses(choice, scores)) continue;
    return {
      model: { ...model, graph: pruneGraph({ ...graph, outputs: [scores] }) },
      output: scores.name,
      note: `The model's output '${name}' is the choice of its ${choice.opType}: the scores that go into it are used.`,
    };
  }
  return undefined;
}

function isOverClasses(choice: Node, { type, shape }: ValueInfo): boolean {
  if (shape === undefined || !isFloat(type)) return false;
  if (choice.opType !== 'ArgMax' && !(choice.opType === 'TopK' && intOf(choice, 'largest', 1) === 1)) return false;
  const axis = fromFront(intOf(choice, 'axis', choice.opType === 'TopK' ? -1 : 0), shape.length);
  return axis > 0 && shape.slice(axis + 1).every((dim) => dim === 1);
}
