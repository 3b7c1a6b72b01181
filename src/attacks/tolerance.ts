import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { degrees, percentage, pixels, Question, type Quantity } from '../quantities/quantities.ts';
import { real } from '../settings/numbers.ts';
import type { Box, Subset } from '../sets/box.ts';
import { createGrid, type Grid } from '../sets/grid.ts';
import { sizeIn, smallestFirst } from '../sets/transformation-size.ts';
import type { Transformation } from '../transform/transformation.ts';
import { classify, type Ask, type Extent, type Outcome, type Probe, type Search, type Target } from './attack.ts';
import { type AttackName, defineAttack, type ToleranceGate } from './definition.ts';
import { ATTACKS_GROUP } from './shared-settings.ts';
import { MANY } from './words.ts';
import { WorstTracker } from './worst-tracker.ts';
import { formatCount } from '../notation/numbers.ts';

/** Largest steps of the grid, in degrees and pixels, and what they are where nothing is given. */
const STEP = 0.5;
/** Times that the way between a grid's point and the size below it is halved. */
const HALVINGS = 5;
/** Points beyond which an order of them takes memory and time that no one means to spend. */
const MOST_POINTS = 4_000_000;
/** Probes in a wave: few at first, since fragile images fall to the first ones, then more to fill batches. */
const WAVES = [1, 2, 4, 4, 8, 8, 16, 16, 32, 64];

/**
 * The smallest transformation that fools, exact over a fine grid: its points are tried in the order of growing size
 * until one fools, and nothing is taken for granted of what larger ones do. Between the grid's points the size at which
 * the image breaks is then halved down along the way from the point to the identity; that finds a smaller size which
 * fools, and says nothing of sizes that lie off this way.
 */
export const TOLERANCE = defineAttack({
  name: 'tolerance',
  hasForms: true,
  takesRadius: false,
  // Without fixed defaults in the options, so that the configuration of runs without this attack stays what it was.
  settings: {
    angleStep: {
      schema: real('degrees', { from: 0.01, to: STEP }).optional(),
      facts: { group: ATTACKS_GROUP, value: 'DEG', help: 'tolerance: largest step between angles, in degrees.' },
      default: undefined,
      defaultText: String(STEP),
    },
    shiftStep: {
      schema: real('pixels', { from: 0.05, to: STEP }).optional(),
      facts: { group: ATTACKS_GROUP, value: 'PX', help: 'tolerance: largest step between shifts, in pixels.' },
      default: undefined,
      defaultText: String(STEP),
    },
  },
  gate: readGate,
  page: { words: 'the smallest that fools', exhaustive: false },
  documentation: {
    tries:
      'all points of a fine grid (steps of at most 0.5° and 0.5 px) in the order of growing size, ' +
      'until one fools: the [breaking point](#breaking-points)',
    rightWhen: 'right on all',
  },
  create({ name, subset, box, exhaustive, settings: { angleStep = STEP, shiftStep = STEP } }) {
    const size = {
      tx: pointsAlong(box.tx, shiftStep),
      ty: pointsAlong(box.ty, shiftStep),
      angle: pointsAlong(box.angle, angleStep),
    };
    requireBounded(name, size.tx * size.ty * size.angle);
    const grid = createGrid(box, size, subset);
    const sizeOf = measure(box, subset);
    let order: Uint32Array | undefined;
    return {
      name,
      changes: 'view',
      subset,
      words: {
        tries: `the smallest that fools of a fine grid of ${formatCount(grid.length)} ${MANY[subset]}`,
        under: (range) => `under a fine grid of ${range}`,
      },
      seeks: 'smallest',
      figure: { kind: 'survival', extent: EXTENT[subset], limits: limitsOf(grid, sizeOf) },
      needsGradients: false,
      search(target) {
        // For the first image: reports ask for words alone.
        order ??= smallestFirst(grid, box);
        return climb(target, grid, order, sizeOf, exhaustive);
      },
    };
  },
});

const EXTENT: Readonly<Record<Subset, Extent>> = { full: 'box', rotation: 'rotation', translation: 'translation' };

type SizeOf = (t: Transformation) => number;

/** Sizes as the definitions have them, to nine decimals, so that sizes that are equal on paper are one. */
function measure(box: Box, subset: Subset): SizeOf {
  const exact: SizeOf =
    subset === 'rotation'
      ? ({ angle }) => Math.abs(angle)
      : subset === 'translation'
        ? ({ tx, ty }) => Math.max(Math.abs(tx), Math.abs(ty))
        : (t) => sizeIn(box, t);
  return (t) => Number(exact(t).toFixed(9));
}

/** All sizes that points of the grid have, rising: those of the points on its axes. */
function limitsOf({ axes }: Grid, sizeOf: SizeOf): number[] {
  const onAxes = [
    ...axes.tx.map((tx) => sizeOf({ tx, ty: 0, angle: 0 })),
    ...axes.ty.map((ty) => sizeOf({ tx: 0, ty, angle: 0 })),
    ...axes.angle.map((angle) => sizeOf({ tx: 0, ty: 0, angle })),
  ];
  return [...new Set(onAxes)].sort((a, b) => a - b);
}

/** Points from −limit to limit with steps that are no longer than `step`, 0 among them. */
function pointsAlong(limit: number, step: number): number {
  return 2 * Math.ceil(limit / step - 1e-9) + 1;
}

function requireBounded(name: string, points: number): void {
  if (points <= MOST_POINTS) return;
  const [wanted, allowed] = [points, MOST_POINTS].map(formatCount);
  throw misuse({
    code: 'grid-too-fine',
    subject: name,
    problem: `its grid would have ${wanted} points for each image, allowed are ${allowed}.`,
    advice:
      `Choose smaller limits (${optionWords('rotation')}, ${optionWords('translation')}), longer steps, or ` +
      'tolerance:rotation and :translation.',
  });
}

/** @param exhaustive go on through all points after one has fooled */
function* climb(target: Target, grid: Grid, order: Uint32Array, sizeOf: SizeOf, exhaustive: boolean): Search {
  const tracker = new WorstTracker(target.label);
  let broken: { readonly probe: Probe; readonly outcome: Outcome } | undefined;
  for (let wave = 0, start = 0; start < grid.length && (exhaustive || broken === undefined); wave++) {
    const end = Math.min(grid.length, start + WAVES[Math.min(wave, WAVES.length - 1)]);
    const probes = Array.from(order.subarray(start, end), (candidate): Probe => ({
      candidate,
      transformation: grid.point(candidate),
    }));
    const outcomes = yield* classify(probes);
    probes.forEach((probe, i) => tracker.offer(probe, outcomes[i]));
    const first = outcomes.findIndex(({ predicted }) => predicted !== target.label);
    if (broken === undefined && first >= 0) broken = { probe: probes[first], outcome: outcomes[first] };
    start = end;
  }
  const told = { exhaustive: grid.length + HALVINGS, ...(exhaustive ? { fooling: tracker.fooling } : {}) };
  if (broken === undefined) return { robust: true, worst: tracker.worst, ...told, breakingPoint: null };
  const { transformation } = broken.probe;
  const breakingPoint = sizeOf(transformation);
  const below = limitsOf(grid, sizeOf).findLast((limit) => limit < breakingPoint);
  const share = below === undefined ? 1 : yield* halve(target, transformation, below / breakingPoint, grid.length);
  return {
    robust: false,
    worst: { transformation, ...broken.outcome },
    ...told,
    breakingPoint,
    ...(share < 1 ? { refinedPoint: Number((share * breakingPoint).toFixed(9)) } : {}),
  };
}

/**
 * The least share of a transformation that is found to fool, by halving what lies between a share that is not tried and
 * all of it. @returns 1 where no part of it does
 */
function* halve(
  target: Target,
  { tx, ty, angle }: Transformation,
  from: number,
  firstCandidate: number,
): Generator<Ask, number, readonly Outcome[]> {
  let [low, high] = [from, 1];
  for (let i = 0; i < HALVINGS; i++) {
    const share = (low + high) / 2;
    const transformation = { tx: tx * share, ty: ty * share, angle: angle * share };
    const [{ predicted }] = yield* classify([{ candidate: firstCandidate + i, transformation }]);
    if (predicted === target.label) low = share;
    else high = share;
  }
  return high;
}

const GATES: Readonly<Record<Subset, { readonly example: string; readonly size: (given: unknown) => Quantity }>> = {
  full: { example: '50%@90', size: shareOfLimits },
  rotation: { example: '10deg@95', size: degrees },
  translation: { example: '2px@95', size: pixels },
};

function shareOfLimits(given: unknown): Quantity {
  const percent = percentage(given);
  return typeof percent === 'number' ? percent / 100 : percent;
}

/** `10deg@95`: 95 % of the images withstand every rotation up to 10°. Sizes and shares in doubt are asked about. */
function readGate(given: unknown, { subset }: AttackName): ToleranceGate | Question {
  const { example, size } = GATES[subset];
  if (isGate(given)) return given;
  const [first, second, ...rest] = typeof given === 'string' ? given.split('@') : [];
  const [least, share] = [size(first), percentage(second)];
  if (least instanceof Question) return least;
  if (share instanceof Question) return share;
  return least === undefined || share === undefined || rest.length > 0
    ? new Question(
        `what has to be withstood is a size and the percent of images that withstand it. Write it as ${example}.`,
      )
    : { size: least, share };
}

function isGate(given: unknown): given is ToleranceGate {
  const { size, share } = (given ?? {}) as Partial<ToleranceGate>;
  return typeof size === 'number' && size >= 0 && typeof share === 'number' && share >= 0 && share <= 100;
}
