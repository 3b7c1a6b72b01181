import { describe, expect, test } from 'vitest';
import { hasSharedModels, modelOf, runOnnx, sharedModel, wave } from '../testing/onnx.ts';
import { GraphBuilder } from './builder.ts';
import type { Graph } from './graph.ts';
import { readModel } from './read.ts';
import { replaceStridedShortcuts } from './strided-shortcut.ts';

/** x [n, 4, 6, 6] → every second pixel → `before` and `after` channels of zeros. */
function shortcut({ channels = [2, 3], steps = [2, 2], starts = [0, 0], fill = 0, rows = [0, 0] } = {}): Graph {
  const b = new GraphBuilder('shortcut');
  const x = b.input('x', 'float32', ['n', 4, 6, 6]);
  const slice = b.op('Slice', [x, b.ints(starts), b.ints([2 ** 31 - 1, 2 ** 31 - 1]), b.ints([2, -1]), b.ints(steps)]);
  const pad = b.op('Pad', [slice, b.ints([0, channels[0], rows[0], 0, 0, channels[1], rows[1], 0]), b.constant(fill)]);
  b.output(pad, 'float32');
  return b.build();
}

describe('replaceStridedShortcuts', () => {
  test('gives the same values, bit for bit', async () => {
    for (const graph of [shortcut(), shortcut({ channels: [0, 4] }), shortcut({ steps: [3, 2] })]) {
      const replaced = replaceStridedShortcuts(graph);
      expect(replaced?.nodes.map(({ opType }) => opType)).toEqual(['Conv']);
      const feeds = { x: wave([3, 4, 6, 6]) };
      expect(await runOnnx(modelOf(replaced as Graph), feeds)).toEqual(await runOnnx(modelOf(graph), feeds));
    }
  });

  test('leaves what is no such shortcut alone', () => {
    for (const other of [shortcut({ starts: [1, 0] }), shortcut({ fill: 1 }), shortcut({ rows: [1, 0] })])
      expect(replaceStridedShortcuts(other)).toBeUndefined();
  });

  test('leaves alone what a graph inside of a node takes as well', () => {
    const graph = shortcut();
    const [slice, pad] = graph.nodes;
    const inner = new GraphBuilder('inner', 'inner/');
    inner.output(inner.op('Abs', [slice.outputs[0]]), 'float32');
    const branch = { kind: 'graph', value: inner.build() } as const;
    const b = GraphBuilder.from(graph);
    const yes = b.initializer('yes', { type: 'bool', dims: [], data: Uint8Array.of(1) });
    b.output(b.op('If', [yes], { then_branch: branch, else_branch: branch }), 'float32');
    expect(pad.inputs[0]).toBe(slice.outputs[0]);
    expect(replaceStridedShortcuts(b.build())).toBeUndefined();
  });

  test.skipIf(!hasSharedModels)('finds the two of a ResNet-20', () => {
    const graph = replaceStridedShortcuts(readModel(sharedModel('cifar10_resnet20')).graph);
    expect(graph?.nodes.filter(({ opType }) => opType === 'Conv')).toHaveLength(21);
    expect(graph?.nodes.some(({ opType }) => opType === 'Slice' || opType === 'Pad')).toBe(false);
  });
});
