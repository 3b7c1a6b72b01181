import { randomStream } from '../random/stream.ts';
import { drawsOrGrid } from '../settings/transformations.ts';
import type { Box, Subset } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import { createGrid, extremesFirst, type GridSize } from '../sets/grid.ts';
import type { Target } from './attack.ts';
import type { Candidates } from './candidates.ts';
import { defineAttack } from './definition.ts';
import { ascendPixels, noise, pgdSettings, pixelSettings } from './pgd.ts';
import { DRAW_STREAM } from './random.ts';
import { GRADIENT_GROUP, GRID_SIZE } from './shared-settings.ts';
import { ONE } from './words.ts';
import { WorstTracker } from './worst-tracker.ts';

/**
 * For each candidate transformation: pixel PGD added to the untransformed image, run through the transformation.
 * Right only if right on all.
 */
export const COMBINED = defineAttack({
  name: 'combined',
  hasForms: true,
  takesRadius: true,
  settings: {
    ...pixelSettings('linf'),
    combinedWith: {
      schema: drawsOrGrid(),
      facts: {
        group: GRADIENT_GROUP,
        value: 'K|grid',
        help: 'combined: candidate transformations, K random draws or the grid.',
      },
      default: 10,
    },
    grid: GRID_SIZE,
  },
  documentation: {
    tries:
      'such noise (l∞) added to the untransformed image and seen through each of 10 draws ' +
      '(`--combined-with grid`: each grid point)',
    rightWhen: 'right on all',
  },
  create(asked) {
    const { name, subset, seed, exhaustive, settings } = asked;
    const { combinedWith } = settings;
    const pixel = pgdSettings('linf', asked, settings);
    const candidatesOf = candidates(asked.box, subset, combinedWith, settings.grid, seed);
    const stream = randomStream(seed, 'pgd start');
    const each = pixel.restarts * (pixel.steps + 1);
    const beside = combinedWith === 'grid' ? 'grid' : `worst-of-${combinedWith}`;
    return {
      name,
      changes: 'view and pixels',
      subset,
      words: {
        tries: `${noise(asked.epsilon)} and the worst ${ONE[subset]} together`,
        under: (range) => `under pixel noise together with ${range}`,
      },
      seeks: 'worst',
      ...(asked.epsilon === undefined
        ? {}
        : { figure: { kind: 'radius', norm: 'linf', epsilon: pixel.epsilon, beside } }),
      needsGradients: true,
      *search(target) {
        const { length, order, transformation } = candidatesOf(target);
        const tracker = new WorstTracker(target.label);
        for (let i = 0; i < length && (exhaustive || !tracker.fooled); i++) {
          const candidate = order?.[i] ?? i;
          yield* ascendPixels(target, transformation(candidate), pixel, stream, tracker, exhaustive, candidate * each);
        }
        return { robust: !tracker.fooled, worst: tracker.worst, exhaustive: length * each };
      },
    };
  },
});

function candidates(
  box: Box,
  subset: Subset,
  combinedWith: number | 'grid',
  size: GridSize,
  seed: number,
): (target: Target) => Omit<Candidates, 'order'> & { readonly order?: Uint32Array } {
  if (combinedWith === 'grid') {
    const grid = createGrid(box, size, subset);
    const order = extremesFirst(grid);
    return () => ({ length: grid.length, transformation: grid.point, order });
  }
  const stream = randomStream(seed, DRAW_STREAM);
  return (target) => ({
    length: combinedWith,
    transformation: (draw) => drawTransformation(box, stream, target.index, draw),
  });
}
