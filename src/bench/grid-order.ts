/*
 * Forward passes that the search of a grid takes for an image that falls, by the order in which it is tried.
 *
 *     npm run bench -- grid-order RUN … [--images 300] [--learn 32,64,128]
 *
 * RUN is the folder of an exhaustive run (`gimbal evaluate MODEL --data SOURCE --attacks grid --exhaustive`), of which
 * the first so many images are taken: its losses are what the searches are answered with. `rim to middle` is the order
 * of an exhaustive search, `best first` what a search is that ends early. `learned on N`: the order that a greedy cover
 * of the fooling points of the first N images gives, replayed on the other images; `pays from` is the number of images
 * from which on it has saved what trying the whole grid on those N cost (against rim to middle). `learned on itself` is
 * a bound that no order of this kind passes, since it has seen the images that it is measured on.
 */
import { parseArgs } from 'node:util';
import { readRunConfig } from '../applications/evaluate/run-files.ts';
import type { Target } from '../attacks/attack.ts';
import { gridOrder } from '../attacks/best-first.ts';
import { fixedOrder, type Order, searchCandidates } from '../attacks/candidates.ts';
import { nodeFiles } from '../node/files.ts';
import { readLosses } from '../node/run-folder/read-records.ts';
import type { Box } from '../sets/box.ts';
import { createGrid, extremesFirst, type Grid, type GridSize } from '../sets/grid.ts';
import { largestOf } from '../statistics/extremes.ts';
import { isFooling } from '../statistics/exhaustive-value.ts';
import { runSearch } from '../testing/run-search.ts';

/** The losses of one image at all points of the grid. */
type Losses = Float32Array;

const { values: flags, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { images: { type: 'string', default: '300' }, learn: { type: 'string', default: '32,64,128' } },
});

/** Forward passes of the search for one image. */
function passes(losses: Losses, grid: Grid, order: () => Order): number {
  const target = { index: 0, label: 0, pixels: new Float32Array() } as unknown as Target;
  const search = searchCandidates(
    target,
    { length: grid.length, transformation: grid.point, order },
    { exhaustive: false },
  );
  return runSearch(search, ({ candidate }) => ({
    predicted: isFooling(losses[candidate]) ? 1 : 0,
    loss: Math.abs(losses[candidate]),
  })).probes.length;
}

/** Again and again the point that fools most of the images not yet fooled, then the others in the order given. */
function greedyCover(images: readonly Losses[], order: Uint32Array): Uint32Array {
  let left = images.filter((losses) => losses.some(isFooling));
  const chosen = new Set<number>();
  while (left.length > 0) {
    const counts = Array.from(order, (point) => left.filter((losses) => isFooling(losses[point])).length);
    const best = order[counts.indexOf(largestOf(counts))];
    chosen.add(best);
    left = left.filter((losses) => !isFooling(losses[best]));
  }
  return Uint32Array.from([...chosen, ...order.filter((point) => !chosen.has(point))]);
}

async function measure(folder: string): Promise<void> {
  const { box, options } = (await readRunConfig(nodeFiles, folder)) as unknown as {
    box: Box;
    options: { grid: GridSize };
  };
  const grid = createGrid(box, options.grid);
  const all: Losses[] = [];
  for await (const losses of readLosses(folder, 'grid')) if (all.push(losses.slice()) === Number(flags.images)) break;
  const rim = extremesFirst(grid);
  const falls = (losses: Losses): boolean => losses.some(isFooling);
  const mean = (images: readonly Losses[], order: () => Order): number => {
    const fallen = images.filter(falls);
    return fallen.reduce((sum, losses) => sum + passes(losses, grid, order), 0) / fallen.length;
  };
  const row = (order: string, images: readonly Losses[], each: () => Order) => ({
    order,
    images: images.length,
    fall: images.filter(falls).length,
    'rim to middle': Number(mean(images, fixedOrder(rim)).toFixed(2)),
    'passes a fallen image': Number(mean(images, each).toFixed(2)),
  });
  console.log(`${folder}: ${all.length} images, grid of ${grid.length}`);
  console.table([
    row('best first', all, gridOrder(grid, false)),
    ...flags.learn.split(',').flatMap((text) => {
      const [sample, others] = [all.slice(0, Number(text)), all.slice(Number(text))];
      if (!others.some(falls)) return [];
      const learned = row(`learned on ${text}`, others, fixedOrder(greedyCover(sample, rim)));
      const price = sample.reduce((sum, losses) => sum + grid.length - passes(losses, grid, fixedOrder(rim)), 0);
      const saved = ((learned['rim to middle'] - learned['passes a fallen image']) * learned.fall) / others.length;
      return [{ ...learned, 'pays from': saved > 0 ? Math.ceil(Number(text) + price / saved) : 'never' }];
    }),
    row('learned on itself', all, fixedOrder(greedyCover(all, rim))),
  ]);
}

if (folders.length === 0) {
  console.error('usage: npm run bench -- grid-order RUN … [--images 300] [--learn 32,64,128]');
  process.exitCode = 2;
}
for (const folder of folders) await measure(folder);
