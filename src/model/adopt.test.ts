import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { readModel } from '../onnx/read.ts';
import { linearModel } from '../testing/classifier.ts';
import { adopt, probabilities } from './adopt.ts';
import { prepareModel } from './prepare.ts';
import { PROBED, probe } from './probe.ts';

const shape = { channels: 3, height: 4, width: 4 };

describe.each([5, 1000])('a rewritten model of %i classes', async (classes) => {
  const plain = await prepareModel(nodeRuntime, linearModel({ shape, classes }));
  const { description, preprocessing } = plain;
  const session = await nodeRuntime.createSession(plain.bytes, { threads: 1 });
  const expected = probabilities(await probe(session, description, preprocessing, PROBED), description);
  await session.release();
  const note = 'It is rewritten.';

  test('takes the place of the plain one where it gives the same scores', async () => {
    const model = readModel(linearModel({ shape, classes, type: 'float16' }));
    const rewritten = {
      model,
      description: { ...description, input: { ...description.input, type: 'float16' as const } },
      note,
    };
    expect(await adopt(nodeRuntime, plain, rewritten, expected)).toMatchObject({ model, notes: [note] });
  });

  test('does not where one score in a hundred is off', async () => {
    const weights = plain.model.graph.initializers.get('weights')!;
    // One class in a hundred has larger weights by a tenth.
    const data = (weights.data as Float32Array).map((weight, i) => ((i % classes) % 100 === 3 ? 1.1 * weight : weight));
    const initializers = new Map(plain.model.graph.initializers).set('weights', { ...weights, data });
    const rewritten = { model: { ...plain.model, graph: { ...plain.model.graph, initializers } }, description, note };
    expect(await adopt(nodeRuntime, plain, rewritten, expected)).toBe(plain);
  });
});
