/*
 * DIRECT (dividing rectangles) beside the attack `strongest`: images that survive, and forward passes an image.
 *
 *     npm run bench -- direct [--limit 64] [--budgets 800,1600] -- MODEL --data SOURCE [options of gimbal evaluate]
 *
 * DIRECT is written from Jones, Perttunen and Stuckman, "Lipschitzian optimization without the Lipschitz constant"
 * (JOTA 1993), as GeoRobust (AAAI 2023) uses it: by forward passes alone. An image that survives takes the whole
 * budget. Of the two the one that leaves fewer survivors for the same passes is the attack `strongest`; the other stays
 * here, so that the choice can be measured again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { classify, type Attack, type Probe, type Search, type Target } from '../attacks/attack.ts';
import { WorstTracker } from '../attacks/worst-tracker.ts';
import { misuse } from '../errors/error.ts';
import { evaluate } from '../index.ts';
import { type Box, createBox } from '../sets/box.ts';
import { leastOf } from '../statistics/extremes.ts';
import type { Transformation } from '../transform/transformation.ts';
import { after, own, requestOf } from './arguments.ts';

/** How much a rectangle has to promise beyond the highest loss, as a part of it (Jones et al., section 5). */
const LEAST_GAIN = 1e-4;

const { values } = parseArgs({
  args: own,
  options: { limit: { type: 'string', default: '64' }, budgets: { type: 'string', default: '800,1600' } },
});
const [model, ...flags] = after;
const options = requestOf(flags);
if (model === undefined || options === undefined)
  throw misuse({
    code: 'usage',
    subject: 'direct',
    problem: 'takes, after --, a model and options with their values.',
    advice: 'npm run bench -- direct -- MODEL --data SOURCE',
  });

const out = await mkdtemp(join(tmpdir(), 'gimbal-direct-'));
try {
  const { attacks, evaluations } = await evaluate({
    threads: 1,
    examples: 0,
    landscapes: 0,
    ...options,
    model,
    data: options.data,
    limit: values.limit,
    attacks: [
      'natural',
      'grid',
      'strongest',
      ...values.budgets.split(',').map((budget) => directAttack(Number(budget))),
    ],
    out,
  });
  for (const [name, { correct, n }] of Object.entries(attacks))
    console.log(`${name}: ${correct} of ${n} survive, ${(evaluations.byAttack[name] / n).toFixed(1)} passes an image`);
} finally {
  await rm(out, { recursive: true });
}

function directAttack(budget: number): Attack {
  return {
    name: `direct-${budget}`,
    changes: 'view',
    words: { tries: `DIRECT with ${budget} passes` },
    needsGradients: false,
    search: (target) => direct(target, createBox(target.shape, 30), budget),
  };
}

/** A rectangle of the box, by the centre's place in it, each side from 0 to 1. */
interface Rectangle {
  readonly centre: readonly number[];
  /** Times that each side was cut in three. */
  readonly cuts: readonly number[];
  /** Loss at the centre. */
  readonly loss: number;
}

/** From the centre to a corner: what rectangles are told apart by. */
function sizeOf({ cuts }: Rectangle): number {
  return Math.sqrt(cuts.reduce((sum, cut) => sum + 9 ** -cut, 0)) / 2;
}

/**
 * All rectangles that could hold the highest loss under some Lipschitz constant are cut in three along their longest
 * sides; what their new centres lose decides the order.
 */
function* direct(target: Target, box: Box, budget: number): Search {
  const keys = (['angle', 'tx', 'ty'] as const).filter((key) => box[key] > 0);
  const tracker = new WorstTracker(target.label);
  const place = (centre: readonly number[]): Transformation => {
    const t = { tx: 0, ty: 0, angle: 0 };
    keys.forEach((key, i) => (t[key] = (2 * centre[i] - 1) * box[key] + 0));
    return t;
  };
  let tried = 0;
  const ask = function* (centres: readonly (readonly number[])[]) {
    const probes = centres.map((centre): Probe => ({ candidate: tried++, transformation: place(centre) }));
    const outcomes = yield* classify(probes);
    probes.forEach((probe, i) => tracker.offer(probe, outcomes[i]));
    return outcomes.map(({ loss }) => loss);
  };
  const middle = keys.map(() => 0.5);
  let rectangles: Rectangle[] = [{ centre: middle, cuts: keys.map(() => 0), loss: (yield* ask([middle]))[0] }];
  while (tried < budget && !tracker.fooled && keys.length > 0) {
    const chosen = potentiallyOptimal(rectangles);
    const plans = chosen.map((rectangle) => {
      const least = leastOf(rectangle.cuts);
      const sides = rectangle.cuts.flatMap((cut, side) => (cut === least ? [side] : []));
      const step = 3 ** -(least + 1);
      const centres = sides.flatMap((side) =>
        [1, -1].map((way) => rectangle.centre.map((at, i) => (i === side ? at + way * step : at))),
      );
      return { rectangle, sides, centres };
    });
    const losses = yield* ask(plans.flatMap(({ centres }) => centres));
    let next = 0;
    const made: Rectangle[] = [];
    for (const { rectangle, sides, centres } of plans) {
      const own = losses.slice(next, next + centres.length);
      next += centres.length;
      const cuts = [...rectangle.cuts];
      // The side with the better of its two centres first: its parts stay the largest.
      const order = sides.map((_, i) => i).sort((a, b) => best(own, b) - best(own, a) || a - b);
      for (const i of order) {
        cuts[sides[i]]++;
        for (const k of [2 * i, 2 * i + 1]) made.push({ centre: centres[k], cuts: [...cuts], loss: own[k] });
      }
      made.push({ ...rectangle, cuts });
    }
    const gone = new Set(chosen);
    rectangles = [...rectangles.filter((one) => !gone.has(one)), ...made];
  }
  return { robust: !tracker.fooled, worst: tracker.worst, exhaustive: budget };
}

function best(losses: readonly number[], side: number): number {
  return Math.max(losses[2 * side], losses[2 * side + 1]);
}

/** Of each size the one of the highest loss, and of these the upper convex hull of loss over size. */
function potentiallyOptimal(rectangles: readonly Rectangle[]): Rectangle[] {
  const bySize = new Map<string, Rectangle>();
  let highest = -Infinity;
  for (const rectangle of rectangles) {
    const key = rectangle.cuts.toSorted((a, b) => a - b).join();
    const known = bySize.get(key);
    if (known === undefined || rectangle.loss > known.loss) bySize.set(key, rectangle);
    highest = Math.max(highest, rectangle.loss);
  }
  const rising = [...bySize.values()].sort((a, b) => sizeOf(a) - sizeOf(b));
  const from = rising.reduce((top, one, i) => (one.loss >= rising[top].loss ? i : top), 0);
  const hull: Rectangle[] = [];
  for (const one of rising.slice(from)) {
    while (hull.length >= 2 && slope(hull[hull.length - 2], hull[hull.length - 1]) <= slope(hull[hull.length - 1], one))
      hull.pop();
    hull.push(one);
  }
  return hull.filter((one, i) => {
    const after = hull[i + 1];
    // The largest has no bound on its constant.
    if (after === undefined) return true;
    const constant = -slope(one, after);
    return one.loss + constant * sizeOf(one) >= highest + LEAST_GAIN * Math.abs(highest);
  });
}

function slope(a: Rectangle, b: Rectangle): number {
  return (b.loss - a.loss) / (sizeOf(b) - sizeOf(a));
}
