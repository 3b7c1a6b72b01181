import { expect, it } from 'vitest';
import { arraySource } from '../../data/array-source.ts';
import { resolveRecipe } from '../recipes/recipe.ts';
import { BatchReader } from './batch-reader.ts';
import { recipeNetwork } from './recipe-network.ts';
import { createTask } from './task.ts';

const shape = { channels: 1, height: 8, width: 8 };

async function readerOf(reads: number[][]): Promise<BatchReader> {
  const images = Array.from({ length: 12 }, (_, i) => new Float32Array(64).fill(i / 12));
  const source = arraySource({ images, labels: images.map((_, i) => i % 2), shape });
  const recipe = {
    name: 'tiny',
    reproduces: 'nothing',
    settings: {
      architecture: 'resnet',
      depth: 8,
      width: 2,
      objective: 'standard',
      epochs: 1,
      batch: 2,
      rate: 1,
      heldOut: 0,
    },
  } as const;
  const settings = resolveRecipe(recipe, ['jitter=0.5']);
  const network = await recipeNetwork(settings, source);
  const data = {
    ...source,
    read: (positions: readonly number[]) => {
      reads.push([...positions]);
      return source.read(positions);
    },
  };
  return new BatchReader(createTask(settings, data, network));
}

const at = (...positions: number[]) => Uint32Array.from(positions);

it('reads what is begun before it is asked for, once, and forgets what is not asked for', async () => {
  const reads: number[][] = [];
  const reader = await readerOf(reads);
  reader.begin([{ positions: at(0, 1), epoch: 0 }]);
  expect(reads).toEqual([[0, 1]]);
  const first = await reader.read(at(0, 1), 0);
  expect(first.indices).toEqual([0, 1]);
  reader.begin([
    { positions: at(2, 3), epoch: 0 },
    { positions: at(4, 5), epoch: 0 },
  ]);
  reader.begin([{ positions: at(4, 5), epoch: 0 }]);
  expect(reads.slice(1)).toEqual([
    [2, 3],
    [4, 5],
  ]);
  await reader.read(at(4, 5), 0);
  await reader.read(at(2, 3), 0);
  expect(reads.slice(3)).toEqual([[2, 3]]);
});

it('takes no batch of another epoch, whose images are drawn otherwise', async () => {
  const reader = await readerOf([]);
  reader.begin([{ positions: at(3, 4), epoch: 0 }]);
  const next = await reader.read(at(3, 4), 1);
  const own = await reader.read(at(3, 4), 0);
  expect(own.images).not.toEqual(next.images);
  expect(await reader.read(at(3, 4), 0)).toEqual(own);
});

it('tells of a fault only when the batch is asked for', async () => {
  const reader = await readerOf([]);
  reader.begin([{ positions: at(99), epoch: 0 }]);
  await new Promise((resolve) => setTimeout(resolve, 1));
  await expect(reader.read(at(99), 0)).rejects.toThrow('position 99');
});
