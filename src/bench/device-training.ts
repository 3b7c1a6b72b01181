/*
 * Milliseconds of an update on a device, for recipes as they are, on random images of CIFAR-10's size: the session
 * alone, and with the preparation of the images on the host.
 *
 *     npm run bench -- device-training [cuda] [recipe[,key=value…]]… [--updates 20] [--rounds 3]
 *
 * The device comes first; default recipes are those of the CIFAR-10 rows.
 */
import { parseArgs } from 'node:util';
import { arraySource } from '../data/array-source.ts';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { randomStream } from '../random/stream.ts';
import { resolveRecipe } from '../training/recipes/recipe.ts';
import { recipeNamed } from '../training/recipes/index.ts';
import { recipeNetwork } from '../training/run/recipe-network.ts';
import { createTask } from '../training/run/task.ts';
import { TrainingState } from '../training/run/state.ts';
import { DeviceUpdater } from '../training/run/device-updater.ts';
import { DEVICES, type Device, type Runtime } from '../runtime/runtime.ts';
import { misuse } from '../errors/error.ts';
import { median } from './median.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { updates: { type: 'string', default: '20' }, rounds: { type: 'string', default: '3' } },
});
const [updates, roundsWanted] = [Number(values.updates), Number(values.rounds)];
const [device = 'cuda', ...given] = positionals as [Device?, ...string[]];
if (!DEVICES.includes(device)) {
  throw misuse({
    code: 'unknown-device',
    subject: 'the first argument',
    problem: `got '${device}'`,
    advice: `It is the device: one of ${DEVICES.join(', ')}. Recipes come after it.`,
  });
}
const chosen =
  given.length > 0
    ? given
    : [
        'cifar10/standard',
        'cifar10/w10-30',
        'cifar10/regularised-kl,candidates=4',
        'cifar10/regularised-kl',
        'cifar10/linf',
      ];

const stream = randomStream(0, 'bench');
const labels = Array.from({ length: 512 * updates + 1000 }, (_, i) => i % 10);
const images = labels.map((label, i) => {
  const u = stream.uniform4(i);
  return Float32Array.from({ length: 3072 }, (_, p) => 0.1 * label * u[p & 3]);
});
const data = arraySource({ images, labels, shape: { channels: 3, height: 32, width: 32 }, classes: 10 });

for (const text of chosen) {
  const [name, ...changes] = text.split(',');
  const settings = { ...resolveRecipe(recipeNamed(name), changes), heldOut: 0 };
  const task = createTask(settings, data, await recipeNetwork(settings, data));
  const { batch } = settings;
  let inside = 0;
  const timed: Runtime = {
    ...nodeRuntime,
    createSession: async (...options) => {
      const session = await nodeRuntime.createSession(...options);
      return {
        ...session,
        run: async (feeds, fetches) => {
          const start = performance.now();
          const results = await session.run(feeds, fetches);
          inside += performance.now() - start;
          return results;
        },
      };
    },
  };
  const updater = new DeviceUpdater(task, new TrainingState(task.network, task.settings), timed, device, 2);
  const count = Math.min(updates, updater.stride, Math.floor(task.positions.length / batch));
  const positions = task.positions.slice(0, batch * count);
  await updater.advance({ positions, step: 0, epoch: 0 }, { positions, step: count, epoch: 0 });
  const rounds: { all: number; session: number }[] = [];
  for (let round = 0; round < roundsWanted; round++) {
    inside = 0;
    const start = performance.now();
    // What follows is prepared while the device works, as in a run.
    await updater.advance(
      { positions, step: (round + 1) * count, epoch: 0 },
      { positions, step: (round + 2) * count, epoch: 0 },
    );
    rounds.push({ all: (performance.now() - start) / count, session: inside / count });
  }
  await updater.release();
  const all = median(rounds.map((r) => r.all));
  const session = median(rounds.map((r) => r.session));
  console.log(
    `${text}: batch ${batch}, ${session.toFixed(1)} ms an update in the session, ` +
      `${all.toFixed(1)} with preparation, ${Math.round((1000 * batch) / all)} images/s`,
  );
}
