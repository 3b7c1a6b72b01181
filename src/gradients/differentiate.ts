import { misuse } from '../errors/error.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { expandFusions } from '../onnx/expansions/expand.ts';
import type { Graph } from '../onnx/graph.ts';
import { expandGradients } from './expansions/expand.ts';
import { Knowledge } from './knowledge.ts';
import { findPaths, type Paths } from './paths.ts';
import { findUnsupported } from './refusals.ts';
import { ruleOf } from './registry.ts';
import { BackwardStep } from './step.ts';

/** Of what the derivative is taken, and by what. */
export interface DifferentiateOptions {
  /** A value of the graph with one element: the loss. */
  readonly output: string;
  /** Inputs, initializers or inner values. */
  readonly by: readonly string[];
}

/** A graph that also computes gradients. */
export interface Differentiated {
  /** Computes what the given graph computes, and the gradients as further outputs. */
  readonly graph: Graph;
  /** Name of the output that holds the gradient, of the value's own shape, by each value of `by`. */
  readonly gradients: ReadonlyMap<string, string>;
}

/**
 * Reverse-mode differentiation from graph to graph. The nodes from `output` back to `by` are walked in reverse; each
 * adds the gradient by its inputs from the gradient by its outputs, and what reaches one value on several ways is
 * summed. All nodes added are standard operators of the working opset; fused operators of ONNX Runtime are written with
 * such first.
 *
 * ```ts
 * const { graph, gradients } = differentiate(net, { output: 'loss', by: ['image'] });
 * gradients.get('image'); // name of an output of `graph`
 * ```
 * @throws GimbalError where a value does not exist, the output is no scalar, or an operator on the way has no
 *   derivative
 */
export function differentiate(given: Graph, options: DifferentiateOptions): Differentiated {
  const { graph, gradients } = differentiateByMeaning(given, options);
  return { graph: expandGradients(graph), gradients };
}

/**
 * As `differentiate`, but gradients that a target may write in its own way are operators of `GRADIENT_DOMAIN`: for
 * those who lower the graph, or write them with standard operators when they open it.
 */
export function differentiateByMeaning(given: Graph, { output, by }: DifferentiateOptions): Differentiated {
  const { graph, refused } = expandFusions(given);
  const knowledge = new Knowledge(graph, refused, [output, ...by]);
  checkValues(graph, knowledge, output, by);
  const paths = findPaths(graph, output, by, knowledge);
  refuse(paths, knowledge);

  const b = GraphBuilder.from(graph);
  const contributions = new Map<string, string[]>([[output, [seed(b, knowledge, output)]]]);
  const totals = new Map<string, string>();
  const total = (value: string): string | undefined => {
    const known = totals.get(value);
    if (known !== undefined) return known;
    const parts = contributions.get(value);
    if (parts === undefined) return undefined;
    const sum = parts.reduce((left, right) => b.op('Add', [left, right]));
    totals.set(value, sum);
    return sum;
  };

  for (const node of [...paths.nodes].reverse()) {
    const arriving = node.outputs.map((name) => (name === '' ? undefined : total(name)));
    if (arriving.every((gradient) => gradient === undefined)) continue;
    const wanted = new Set(node.inputs.flatMap((input, i) => (paths.values.has(input) ? [i] : [])));
    const gradients = ruleOf(node)?.gradient(new BackwardStep(b, knowledge.at(node), arriving, wanted)) ?? [];
    node.inputs.forEach((input, i) => {
      const gradient = gradients[i];
      if (gradient === undefined || !wanted.has(i)) return;
      const parts = contributions.get(input);
      if (parts === undefined) contributions.set(input, [gradient]);
      else parts.push(gradient);
    });
  }
  return { gradients: addOutputs(b, knowledge, by, total), graph: b.build() };
}

function checkValues(graph: Graph, knowledge: Knowledge, output: string, by: readonly string[]): void {
  const known = new Set([
    ...graph.inputs.map((input) => input.name),
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap((node) => node.outputs),
  ]);
  for (const name of [output, ...by]) {
    if (known.has(name)) continue;
    throw misuse({
      code: 'unknown-value',
      subject: `the value '${name}'`,
      problem: `is not in the graph '${graph.name}'.`,
      advice: 'Name an input, an initializer or the output of a node.',
    });
  }
  for (const name of [output, ...by]) {
    if (knowledge.isFloat(name)) continue;
    throw misuse({
      code: 'not-differentiable',
      subject: `the value '${name}'`,
      problem: `is of type ${String(knowledge.info(name)?.type)}; gradients exist for floating-point values alone.`,
    });
  }
  const shape = knowledge.info(output)?.shape;
  if (shape === undefined || shape.every((d) => d === 1 || typeof d !== 'number')) return;
  throw misuse({
    code: 'loss-not-scalar',
    subject: `the output '${output}'`,
    problem: `has the shape [${shape.join(', ')}]; only a value with one element can be differentiated.`,
    advice: 'Sum it up first.',
  });
}

function refuse(paths: Paths, knowledge: Knowledge): void {
  const unsupported = findUnsupported(paths, knowledge);
  if (unsupported.length === 0) return;
  const parts = unsupported.map(({ opType, nodes: names, reason }) => `${opType} (${list(names)}): ${reason}`);
  throw misuse({
    code: 'not-differentiable',
    subject: 'model',
    problem: `cannot be differentiated: ${parts.join('; ')}.`,
    advice: 'Use an attack that needs no gradients.',
  });
}

function list(names: readonly string[]): string {
  const shown = names
    .slice(0, 3)
    .map((name) => `'${name}'`)
    .join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more nodes` : shown;
}

/** The gradient of the output by the output: one. */
function seed(b: GraphBuilder, knowledge: Knowledge, output: string): string {
  const { type, shape } = knowledge.info(output) ?? {};
  const one =
    shape?.every((d) => d === 1) === true
      ? b.constant([1], shape)
      : b.op('Expand', [b.constant(1), b.op('Shape', [output])]);
  return type === 'float32' || type === undefined ? one : b.op('CastLike', [one, output]);
}

function addOutputs(
  b: GraphBuilder,
  knowledge: Knowledge,
  by: readonly string[],
  total: (value: string) => string | undefined,
): Map<string, string> {
  const gradients = new Map<string, string>();
  for (const value of new Set(by)) {
    const zero = (): string => b.op('CastLike', [b.op('Expand', [b.constant(0), b.op('Shape', [value])]), value]);
    const name = b.unused(`${value}:gradient`);
    b.node('Identity', [total(value) ?? zero()], [name]);
    b.output(name, knowledge.info(value)?.type ?? 'float32', knowledge.info(value)?.shape);
    gradients.set(value, name);
  }
  return gradients;
}
