import type { Graph, Node, TensorValue } from './graph.ts';

/** An integer attribute, or the given default where it is absent. */
export function intOf(node: Node, name: string): number | undefined;
export function intOf(node: Node, name: string, otherwise: number): number;
export function intOf(node: Node, name: string, otherwise?: number): number | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'int' ? attribute.value : otherwise;
}

/** A float attribute, or the given default where it is absent. */
export function floatOf(node: Node, name: string): number | undefined;
export function floatOf(node: Node, name: string, otherwise: number): number;
export function floatOf(node: Node, name: string, otherwise?: number): number | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'float' || attribute?.kind === 'int' ? attribute.value : otherwise;
}

/** A string attribute, or the given default where it is absent. */
export function stringOf(node: Node, name: string): string | undefined;
export function stringOf(node: Node, name: string, otherwise: string): string;
export function stringOf(node: Node, name: string, otherwise?: string): string | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'string' ? attribute.value : otherwise;
}

/** A list of integers, or undefined where it is absent. An empty list may have been read as any kind of list. */
export function intsOf(node: Node, name: string): readonly number[] | undefined {
  const attribute = node.attributes.get(name);
  if (attribute?.kind === 'ints') return attribute.value;
  return (attribute?.kind === 'floats' || attribute?.kind === 'strings') && attribute.value.length === 0
    ? []
    : undefined;
}

/** A list of floats, or undefined where it is absent. */
export function floatsOf(node: Node, name: string): readonly number[] | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'floats' || attribute?.kind === 'ints' ? attribute.value : undefined;
}

/** A tensor attribute, or undefined where it is absent. */
export function tensorOf(node: Node, name: string): TensorValue | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'tensor' ? attribute.value : undefined;
}

/** The inner graphs of a node (of `If`, `Loop`, `Scan`). */
export function graphsOf(node: Node): Graph[] {
  const graphs: Graph[] = [];
  for (const attribute of node.attributes.values()) if (attribute.kind === 'graph') graphs.push(attribute.value);
  return graphs;
}

/** How messages name a node: by its name or else by its first output, and by its operator. */
export function describeNode(node: Node): string {
  const operator = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
  return `node '${node.name || node.outputs[0]}' (${operator})`;
}
