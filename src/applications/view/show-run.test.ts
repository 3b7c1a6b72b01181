import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attack, classify } from '../../attacks/attack.ts';
import { nodePlatform } from '../../node/platform.ts';
import { linearModel } from '../../testing/classifier.ts';
import { writeIdxFolder } from '../../testing/data-files.ts';
import { readConfig, writeConfig } from '../evaluate/run-files.ts';
import { evaluateOn } from '../evaluate/evaluate.ts';
import { showRun } from './show-run.ts';

/** Asks once, about the image as it is. */
const own = (name: string, changes: Attack['changes']): Attack => ({
  name,
  changes,
  words: { tries: 'nothing much' },
  needsGradients: false,
  *search({ label }) {
    const transformation = { tx: 0, ty: 0, angle: 0 };
    const [outcome] = yield* classify([{ transformation, candidate: 0 }]);
    return { robust: outcome.predicted === label, worst: { transformation, ...outcome }, exhaustive: 1 };
  },
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-show-run-'));
  await writeFile(join(folder, 'model.onnx'), linearModel({ shape: { channels: 1, height: 8, width: 8 }, classes: 3 }));
  await writeIdxFolder(join(folder, 'data'), 4, 8, 3);
  await evaluateOn(nodePlatform, {
    model: join(folder, 'model.onnx'),
    data: join(folder, 'data'),
    attacks: ['grid', 'pgd-l2', own('my-turn', 'view'), own('my-noise', 'pixels')],
    grid: '1x1x3',
    threads: 1,
    out: join(folder, 'run'),
  });
});
afterAll(() => rm(folder, { recursive: true }));

async function shown() {
  const exhibit = await showRun(nodePlatform, join(folder, 'run'));
  await exhibit.close();
  const { attacks, notes } = exhibit.catalogue.run!;
  return { attacks, notes };
}

it('shows the attacks that leave pixels as they are, those of a user by what they say that they change', async () => {
  expect(await shown()).toEqual({
    attacks: ['natural', 'grid', 'my-turn'],
    notes: ['Not shown, as they change pixels: pgd-l2, my-noise.'],
  });
});

it('does not show attacks of a user of which an older run kept nothing but the name', async () => {
  const { files } = nodePlatform;
  const { ownAttacks: _, ...older } = (await readConfig(files, join(folder, 'run')))!;
  await writeConfig(files, join(folder, 'run'), older);
  expect(await shown()).toEqual({
    attacks: ['natural', 'grid'],
    notes: [
      'Not shown, as they change pixels: pgd-l2.',
      'Not shown, as the run does not say what they change: my-turn, my-noise.',
    ],
  });
});
