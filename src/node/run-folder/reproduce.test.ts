import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAttack } from '../../attacks/create-attack.ts';
import { arraySource } from '../../data/array-source.ts';
import { evaluateClassifier } from '../../evaluation/evaluate.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { prepareModel } from '../../model/prepare.ts';
import { argMax, crossEntropy } from '../../statistics/cross-entropy.ts';
import { linearModel, linearScores } from '../../testing/classifier.ts';
import { fromTuple } from '../../transform/transformation.ts';
import { nodeRuntime } from '../runtime/runtime.ts';
import { startClassifier } from '../runtime/start.ts';
import { FolderJournal } from './folder-journal.ts';
import { nodeClock } from '../../node/machine/clock.ts';

const SHAPE = { channels: 1, height: 6, width: 6 };
const ATTACKS = [
  'natural',
  'random',
  'worst-of-10',
  'grid',
  'first-order',
  'strongest',
  'pgd-linf@4/255',
  'pgd-l2@0.2',
  'combined@2/255',
];

const images = Array.from({ length: 24 }, (_, n) =>
  Float32Array.from({ length: 36 }, (_, i) => 0.5 + 0.5 * Math.sin(n * 1.3 + i * (0.4 + n / 40))),
);
const source = arraySource({
  images,
  labels: images.map((image) => argMax(linearScores(image, 3), 0, 3)),
  shape: SHAPE,
  classes: 3,
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-reproduce-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a run folder', () => {
  it('holds what reproduces every verdict and every loss by a plain forward pass', async () => {
    const classifier = await startClassifier(
      await prepareModel(nodeRuntime, linearModel({ shape: SHAPE, classes: 3 })),
      { threads: 2 },
    );
    const journal = await FolderJournal.open(folder);
    const attacks = ATTACKS.map((name) =>
      createAttack(name, {
        box: { tx: 2, ty: 2, angle: 30 },
        grid: { tx: 3, ty: 3, angle: 7 },
        combinedWith: 4,
        steps: name === 'first-order' ? 30 : 5,
        stepSize: 0.05,
      }),
    );
    await evaluateClassifier({
      classifier,
      source,
      attacks,
      journal,
      clock: nodeClock,
      about: { gimbal: '', model: { name: '', sha256: '' }, data: { name: '', fingerprint: '' } },
    });
    await journal.close();

    const records = (await readFile(join(folder, 'images.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ImageRecord);
    expect(records).toHaveLength(24);
    const fooledBy = new Set<string>();
    for (const { index, label, attacks: found } of records) {
      for (const name of ATTACKS) {
        const { robust, worst, predicted, loss, perturbation } = found[name];
        if (robust) continue;
        fooledBy.add(name);
        const saved =
          perturbation === undefined
            ? undefined
            : new Float32Array(Uint8Array.from(await readFile(join(folder, perturbation))).buffer);
        const logits = await classifier.logits({
          images: [images[index]],
          trials: [{ image: 0, perturbation: saved, transformations: [fromTuple(worst)] }],
        });
        expect(argMax(logits, 0, 3)).toBe(predicted);
        expect(predicted).not.toBe(label);
        expect(crossEntropy(logits, 0, 3, label)).toBeCloseTo(loss, 4);
        expect(saved !== undefined).toBe(/pgd|combined/.test(name));
      }
    }
    // Every attack but the natural one has fooled the model somewhere, so none of the checks above was empty.
    expect([...fooledBy].sort()).toEqual(ATTACKS.filter((name) => name !== 'natural').sort());
    await classifier.close();
  });
});
