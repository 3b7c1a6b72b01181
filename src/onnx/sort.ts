import { describeNode } from './attributes.ts';
import { damaged } from './bounds.ts';
import type { Node } from './graph.ts';
import { valuesReadBy } from './prune.ts';

/**
 * Nodes in topological order, in time linear in their number: each stands where it was, or right behind the last one
 * that it waits for. Values that no node makes are taken as given.
 *
 * @throws misuse `damaged-graph` where nodes wait for each other
 */
export function inOrder(nodes: readonly Node[]): readonly Node[] {
  const makers = new Map<string, number>();
  nodes.forEach((node, i) => {
    for (const name of node.outputs) if (name !== '' && !makers.has(name)) makers.set(name, i);
  });
  const waitsFor = nodes.map((node) => {
    const makersOf = valuesReadBy(node).map((name) => makers.get(name));
    return new Set(makersOf.filter((maker) => maker !== undefined));
  });
  if (waitsFor.every((before, i) => [...before].every((maker) => maker < i))) return nodes;

  const followers = nodes.map((): number[] => []);
  waitsFor.forEach((before, i) => {
    for (const maker of before) followers[maker].push(i);
  });
  const open = waitsFor.map((before) => before.size);
  const placed = new Set<number>();
  for (let i = 0; i < nodes.length; i++) {
    const ready = open[i] === 0 ? [i] : [];
    for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
      if (placed.has(next)) continue;
      placed.add(next);
      for (const follower of followers[next].toReversed()) {
        open[follower]--;
        // What stands further on comes in its own place.
        if (open[follower] === 0 && follower < i) ready.push(follower);
      }
    }
  }
  if (placed.size < nodes.length) throw circle(nodes, waitsFor, placed);
  return [...placed].map((i) => nodes[i]);
}

/** From any node that waits, going to one that it waits for ends in a circle. */
function circle(nodes: readonly Node[], waitsFor: readonly ReadonlySet<number>[], placed: ReadonlySet<number>): Error {
  const way = new Set<number>();
  let at = nodes.findIndex((_, i) => !placed.has(i));
  while (!way.has(at)) {
    way.add(at);
    at = [...waitsFor[at]].find((maker) => !placed.has(maker))!;
  }
  const members = [...way].slice([...way].indexOf(at));
  const shown = members.slice(0, 5).map((i) => describeNode(nodes[i]));
  const more = members.length > shown.length ? ` and ${members.length - shown.length} more` : '';
  return damaged(
    shown[0],
    members.length === 1
      ? 'it reads what it makes itself.'
      : `it waits for its own result, in a circle: ${shown.join(', ')}${more}.`,
  );
}
