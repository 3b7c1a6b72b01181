import { describeNode, graphsOf } from './attributes.ts';
import { damaged, faultOfDimensions, MOST_AXES, MOST_OF_AN_IMAGE, MOST_OF_CONSTANTS } from './bounds.ts';
import { GRADIENT_DOMAIN, type Dimension, type ElementType, type Graph, type Node, type ValueInfo } from './graph.ts';
import { ELEMENTWISE_RULES } from './inference/elementwise.ts';
import { LAYOUT_RULES } from './inference/layout.ts';
import { MATRIX_RULES } from './inference/matrix.ts';
import { NORMALIZATION_RULES } from './inference/normalization.ts';
import { LARGEST, PARTIAL_RULES, partialOf } from './inference/partial.ts';
import { REDUCTION_RULES } from './inference/reduction.ts';
import { Operands, type Inferred, type Known, type PartialTensor, type ShapeRule } from './inference/rule.ts';
import { SHAPE_ARITHMETIC_RULES } from './inference/shape-arithmetic.ts';
import { SPATIAL_RULES } from './inference/spatial.ts';
import { elementCount } from './tensor.ts';

const RULES: ReadonlyMap<string, ShapeRule> = new Map(
  Object.entries({
    ...ELEMENTWISE_RULES,
    ...SPATIAL_RULES,
    ...MATRIX_RULES,
    ...NORMALIZATION_RULES,
    ...REDUCTION_RULES,
    ...LAYOUT_RULES,
    ...SHAPE_ARITHMETIC_RULES,
  }),
);
const PARTIALS = new Map(Object.entries(PARTIAL_RULES));

/** Type and shape of values, and the elements of the small integer tensors that shapes are computed with. */
export interface Inference {
  readonly infos: ReadonlyMap<string, ValueInfo>;
  readonly partials: ReadonlyMap<string, PartialTensor>;
}

/**
 * Type and shape of every value of a graph, as far as they can be told without running it; of any opset from 7 on.
 * A value of which not even the type is known is absent.
 *
 * Symbols of the inputs are kept (`'batch'`), and an unnamed dimension of an input gets the symbol `input:axis`, so
 * that it can be followed; sizes computed from symbols are formulas such as `floor((H-1)/2)+1`, where equal text means
 * equal size. What no rule tells is taken from what the file says of inner values and outputs.
 */
export function inferShapes(graph: Graph): ReadonlyMap<string, ValueInfo> {
  return inferAll(graph).infos;
}

/** As `inferShapes`, with the known elements of shape tensors. */
export function inferAll(graph: Graph): Inference {
  const infos = new Map<string, ValueInfo>();
  const partials = new Map<string, PartialTensor>();
  const declared = new Map([...graph.valueInfo, ...graph.outputs.map((info) => [info.name, info] as const)]);
  for (const [name, tensor] of graph.initializers) {
    infos.set(name, { name, type: tensor.type, shape: tensor.dims });
    const partial = partialOf(tensor);
    if (partial !== undefined) partials.set(name, partial);
  }
  for (const [i, info] of graph.inputs.entries()) {
    const name = IDENTIFIER.test(info.name) ? info.name : `$${i}`;
    infos.set(info.name, { ...info, shape: info.shape?.map((dim, axis) => symbolOf(dim) ?? `${name}:${axis}`) });
  }
  const known: Known = { info: (name) => infos.get(name), partial: (name) => partials.get(name) };
  const constant = new Set(graph.initializers.keys());
  const batch = graph.inputs[0]?.shape?.[0];
  const images = typeof batch === 'number' ? Math.max(1, batch) : 1;
  for (const node of graph.nodes) {
    const at = new Operands(node, known);
    const fixed = node.inputs.every((name) => name === '' || constant.has(name)) && graphsOf(node).length === 0;
    const outputs = inferNode(node, at);
    for (const [i, name] of node.outputs.entries()) {
      if (name === '') continue;
      const info = merge(name, outputs[i], declared.get(name));
      if (info === undefined) continue;
      const most = fixed ? Math.max(MOST_OF_CONSTANTS, at.largest()) : images * MOST_OF_AN_IMAGE;
      const fault = faultOfDimensions(info.shape ?? [], most);
      if (fixed) constant.add(name);
      if (fault !== undefined) throw damaged(describeNode(node), `it makes '${name}', and ${fault}`);
      infos.set(name, info);
    }
    const [first] = node.outputs;
    const partial = standard(node) ? PARTIALS.get(node.opType)?.(at) : undefined;
    if (partial !== undefined && first !== '' && first !== undefined) {
      const kept = usable(partial, infos.get(first)?.type);
      if (kept !== undefined) partials.set(first, kept);
    }
  }
  return { infos, partials };
}

/** What formulas may hold as it is. */
const IDENTIFIER = /^[A-Za-z_][\w.:]{0,99}$/;

/** A dimension as inference computes with it: names that could be taken for formulas are written another way. */
function symbolOf(dimension: Dimension): Dimension {
  if (typeof dimension !== 'string' || IDENTIFIER.test(dimension)) return dimension;
  if (dimension.length > 100) return null;
  return `$${dimension.replace(/\W/gu, (letter) => `$${letter.codePointAt(0)!.toString(16)}`)}`;
}

/** Known elements as far as they are of use: a small tensor of the shape that they fill, integers that are ones. */
function usable(partial: PartialTensor, type: ElementType | undefined): PartialTensor | undefined {
  const { dims, elements } = partial;
  if (dims.length > MOST_AXES || elements.length > LARGEST || elementCount(dims) !== elements.length) return undefined;
  if (type?.includes('int') !== true || elements.every((e) => typeof e !== 'number' || Number.isFinite(e)))
    return partial;
  return { dims, elements: elements.map((e) => (typeof e === 'number' && !Number.isFinite(e) ? null : e)) };
}

/** ONNX's own operators and those of ONNX Runtime that are named alike. */
function standard(node: Node): boolean {
  return node.domain === '' || node.domain === 'com.microsoft';
}

function inferNode(node: Node, at: Operands): Inferred[] {
  if (node.opType === 'If' && node.domain === '') return inferBranches(node);
  if (node.domain === GRADIENT_DOMAIN) return node.outputs.map((_, i) => at.like(i, at.shape(i)));
  return (standard(node) ? RULES.get(node.opType)?.(at) : undefined) ?? [];
}

/** What both branches of an `If` declare alike. */
function inferBranches(node: Node): Inferred[] {
  const [one, other] = graphsOf(node);
  return node.outputs.map((_, i) => {
    const [a, b] = [one?.outputs[i], other?.outputs[i]];
    if (a === undefined || a.type !== b?.type) return undefined;
    const sameRank = a.shape !== undefined && a.shape.length === b.shape?.length;
    return {
      type: a.type,
      shape: sameRank
        ? a.shape!.map((dim, axis) => (typeof dim === 'number' && dim === b.shape![axis] ? dim : null))
        : undefined,
    };
  });
}

/** A number that is no length (of a window beyond the image, say) tells nothing: the run will. */
function lengthOrUnknown(dimension: Dimension | undefined): Dimension {
  if (typeof dimension !== 'number') return dimension ?? null;
  return dimension >= 0 && (Number.isInteger(dimension) || dimension === Infinity) ? dimension : null;
}

/** What was inferred goes before what the file declares, which may be stale. */
function merge(name: string, inferred: Inferred, declared: ValueInfo | undefined): ValueInfo | undefined {
  const stated = declared?.shape?.map((dim) => (typeof dim === 'string' ? symbolOf(dim) : dim));
  if (inferred === undefined) return declared && { ...declared, shape: stated };
  const { type } = inferred;
  const shape = inferred.shape?.map(lengthOrUnknown);
  if (shape === undefined || shape.length !== stated?.length) return { name, type, shape: shape ?? stated };
  return { name, type, shape: shape.map((dim, axis): Dimension => dim ?? stated[axis]) };
}
