// Milliseconds of an update on a device, for recipes as they are, on random images of CIFAR-10's size: the session alone, and with the preparation of the
// images on the host.
//
//   node bench/device-training.mjs [cuda] [recipe[,key=value…]]…
//
// The device comes first; default recipes are those of the CIFAR-10 rows. Build first: npm run build.
import { arraySource } from '../dist/data/array-source.js';
import { nodeRuntime } from '../dist/node/runtime/runtime.js';
import { randomStream } from '../dist/random/stream.js';
import { resolveRecipe } from '../dist/training/recipes/recipe.js';
import { recipeNamed } from '../dist/training/recipes/index.js';
import { createTask } from '../dist/training/run/task.js';
import { TrainingState } from '../dist/training/run/state.js';
import { DeviceUpdater } from '../dist/training/run/device-updater.js';

const UPDATES = 20;
const ROUNDS = 3;
const [device = 'cuda', ...given] = process.argv.slice(2);
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
const labels = Array.from({ length: 512 * UPDATES + 1000 }, (_, i) => i % 10);
const images = labels.map((label, i) => {
  const u = stream.uniform4(i);
  return Float32Array.from({ length: 3072 }, (_, p) => 0.1 * label * u[p & 3]);
});
const data = arraySource({ images, labels, shape: { channels: 3, height: 32, width: 32 }, classes: 10 });

for (const text of chosen) {
  const [name, ...changes] = text.split(',');
  const task = await createTask(name, resolveRecipe(recipeNamed(name), changes), data);
  const { batch } = task.settings;
  let inside = 0;
  const timed = {
    createSession: async (...options) => {
      const session = await nodeRuntime.createSession(...options);
      return {
        ...session,
        run: async (feeds) => {
          const start = performance.now();
          const results = await session.run(feeds);
          inside += performance.now() - start;
          return results;
        },
      };
    },
  };
  const updater = new DeviceUpdater(
    task,
    new TrainingState(task.network, task.settings, data.length),
    timed,
    device,
    2,
  );
  const count = Math.min(UPDATES, updater.stride, Math.floor(task.positions.length / batch));
  const positions = task.positions.slice(0, batch * count);
  await updater.advance({ positions, step: 0, epoch: 0 }, { positions, step: count, epoch: 0 });
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
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
  const { all, session } = rounds.toSorted((a, b) => a.all - b.all)[Math.floor(ROUNDS / 2)];
  console.log(
    `${text}: batch ${batch}, ${session.toFixed(1)} ms an update in the session, ${all.toFixed(1)} with preparation, ${Math.round((1000 * batch) / all)} images/s`,
  );
}
process.exit(0);
