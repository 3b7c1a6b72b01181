import { expect, it } from 'vitest';
import { freeBatch } from '../onnx/free-batch.ts';
import type { Graph } from '../onnx/graph.ts';
import { inferAll } from '../onnx/infer.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import { linearGraph } from '../testing/classifier.ts';
import { modelOf } from '../testing/onnx.ts';
import { describeOutput } from './describe-output.ts';

/** The linear classifier with an operator of this name behind it. */
function endingIn(opType: string): Graph {
  const graph = linearGraph({ shape: { channels: 1, height: 2, width: 2 }, classes: 3, batch: 5 });
  const last = graph.nodes.map((node) => (node.outputs.includes('scores') ? { ...node, outputs: ['before'] } : node));
  const added = { name: 'last', opType, domain: '', inputs: ['before'], outputs: ['scores'], attributes: new Map() };
  return { ...graph, nodes: [...last, added] };
}

// Names that every plain object has: looked up in one, they would find a function where a rule is meant.
it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf'])(
  'takes an operator named %s for one that is not known',
  (opType) => {
    const graph = endingIn(opType);
    expect(describeOutput(graph, 5).kind).toBe('logits');
    expect(() => inferAll(graph)).not.toThrow();
    expect(() => toWorkingOpset(modelOf(graph, 13))).toThrow(`'last' (${opType}): it cannot be brought`);
    expect(freeBatch(modelOf(graph))).toBeUndefined();
  },
);
