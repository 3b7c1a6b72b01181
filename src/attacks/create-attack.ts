import { misuse } from '../errors/error.ts';
import { randomStream } from '../random/stream.ts';
import { restrictBox, type Box } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import { createGrid, extremesFirst, type GridSize } from '../sets/grid.ts';
import type { Attack, Target } from './attack.ts';
import { epsilonValue, formatAttackName, type AttackName } from './attack-name.ts';
import type { Candidates } from './candidates.ts';
import { combinedAttack } from './combined.ts';
import { firstOrderAttack, type FirstOrderSettings } from './first-order.ts';
import { gridAttack } from './grid.ts';
import { naturalAttack } from './natural.ts';
import { pgdAttack, type PgdSettings } from './pgd.ts';
import { DRAW_STREAM, randomAttack } from './random.ts';
import { strongestAttack } from './strongest.ts';
import { worstOfKAttack } from './worst-of-k.ts';

/** What decides an attack, beside its name. */
export interface AttackSettings {
  readonly box: Box;
  readonly grid: GridSize;
  /** `random`: draws for each image. */
  readonly draws: number;
  readonly seed: number;
  /** Try everything, also after the image is fooled. */
  readonly exhaustive: boolean;
  /** Keep the loss of every point of a grid; goes with `exhaustive`. */
  readonly keepLosses: boolean;
  readonly firstOrder: FirstOrderSettings;
  /**
   * Pixel attacks; `epsilon` and `step` in raw pixels. Left out: 8/255 and 2/255, for l2 128/255 and a quarter of it.
   */
  readonly pixel: Omit<PgdSettings, 'norm' | 'epsilon' | 'step'> & {
    readonly epsilon?: number;
    readonly step?: number;
  };
  /** `combined`: the candidate transformations, k draws or the whole grid. */
  readonly combinedWith: number | 'grid';
}

const DEFAULT_EPSILON = { linf: 8 / 255, l2: 128 / 255 } as const;

/** Builds the attack of a name. */
export function createAttack(attack: AttackName, settings: AttackSettings): Attack {
  const name = formatAttackName(attack);
  const { kind, subset } = attack;
  const { seed, exhaustive, keepLosses } = settings;
  const box = restrictBox(settings.box, subset);
  switch (kind) {
    case 'natural':
      return naturalAttack();
    case 'random':
      return randomAttack(name, box, settings.draws, seed);
    case 'worst-of':
      return worstOfKAttack(name, box, attack.k ?? 10, seed, exhaustive);
    case 'grid':
      return gridAttack(name, createGrid(box, settings.grid, subset), { exhaustive, keepLosses });
    case 'first-order':
      return firstOrderAttack(name, box, settings.firstOrder, seed, exhaustive);
    case 'strongest':
      return strongestAttack(name, createGrid(box, settings.grid, subset), exhaustive);
    case 'pgd-linf':
    case 'pgd-l2':
      return pgdAttack(name, pixelSettings(kind === 'pgd-linf' ? 'linf' : 'l2', attack, settings), seed, exhaustive);
    case 'combined':
      return combinedAttack(
        name,
        combinedCandidates(box, attack, settings),
        pixelSettings('linf', attack, settings),
        seed,
        exhaustive,
      );
  }
}

function pixelSettings(norm: 'linf' | 'l2', attack: AttackName, { pixel }: AttackSettings): PgdSettings {
  const epsilon =
    attack.epsilon === undefined ? (pixel.epsilon ?? DEFAULT_EPSILON[norm]) : epsilonValue(attack.epsilon);
  const step = pixel.step ?? epsilon / 4;
  if (!(epsilon >= 0) || !(step >= 0)) {
    throw misuse({
      code: 'epsilon-out-of-range',
      subject: formatAttackName(attack),
      problem: `got an epsilon of ${epsilon} and a step of ${step}, allowed are numbers from 0 on.`,
    });
  }
  return { ...pixel, norm, epsilon, step };
}

function combinedCandidates(
  box: Box,
  { subset }: AttackName,
  { combinedWith, grid: size, seed }: AttackSettings,
): (target: Target) => Candidates {
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
