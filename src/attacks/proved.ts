import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { whole } from '../settings/numbers.ts';
import type { Box, Subset } from '../sets/box.ts';
import { rotationInputs } from '../sets/rotations/rotation-inputs.ts';
import { planRotations, type RotationPlan } from '../sets/rotations/rotation-plan.ts';
import type { Transformation } from '../transform/transformation.ts';
import type { WarpSettings } from '../transform/warp.ts';
import {
  classify,
  type Ask,
  type Attack,
  type Finding,
  type Grade,
  type Outcome,
  type Probe,
  type Search,
  type Target,
} from './attack.ts';
import { defineAttack } from './definition.ts';
import { CERTIFICATES_GROUP } from './shared-settings.ts';
import { underMask } from './words.ts';
import { WorstTracker } from './worst-tracker.ts';

/** Probes in a wave: few at first, since most images that fall do so to the first ones, then more to fill batches. */
const WAVES = [1, 2, 4, 4, 8, 8, 16, 16, 32, 64];

/** What each form certifies. */
const GRADES: Readonly<Record<Subset, Grade>> = {
  translation: 'shifts',
  rotation: 'rotation',
  full: 'rotation-and-shifts',
};

/**
 * Everything that an image can become, where that is a finite list: every whole-pixel shift (`:translation`), every
 * angle under nearest sampling (`:rotation`), every angle with every whole-pixel shift. An image is proved when all
 * were run and classified right; the first that is not ends its search.
 */
export const PROVED = defineAttack({
  name: 'proved',
  hasForms: true,
  takesRadius: false,
  settings: {
    mostPasses: {
      schema: whole({ from: 1 }).optional(),
      facts: {
        group: CERTIFICATES_GROUP,
        value: 'N',
        help: 'proved: most forward passes for an image; one that needs more counts as not proved.',
      },
      default: undefined,
      defaultText: 'as many as it takes',
    },
  },
  grades: GRADES,
  documentation: {
    tries:
      'every angle under nearest sampling with every whole-pixel shift; `:rotation`: every angle, `:translation`: ' +
      'every whole-pixel shift ([certificates](certify.md))',
    rightWhen: 'right on all, which proves it',
  },
  create({ name, subset, box, warp, exhaustive, settings: { mostPasses = Infinity } }) {
    requireOwnConvention(name, warp);
    const shifts = wholeShifts(box);
    const search =
      subset === 'translation'
        ? (target: Target) => searchShifts(target, shifts, exhaustive, mostPasses)
        : searchRotations(shifts, box.angle, warp, exhaustive, mostPasses);
    return {
      name,
      changes: 'view',
      subset,
      words: wordsOf(subset, box),
      seeks: 'proof',
      certificate: { grade: GRADES[subset], meaning: meaningOf(subset, box, shifts.length) + underMask(warp) },
      ...(subset === 'translation' ? {} : { interpolation: 'nearest' as const }),
      needsGradients: false,
      search,
    };
  },
});

function wordsOf(subset: Subset, { angle }: Box): Attack['words'] {
  const what = {
    translation: 'every whole-pixel shift',
    rotation: `every angle up to ${angle}° under nearest sampling`,
    full: `every angle up to ${angle}° under nearest sampling with every whole-pixel shift`,
  }[subset];
  return { tries: what, under: () => `under ${what}` };
}

function meaningOf(subset: Subset, { tx, ty, angle }: Box, shifts: number): string {
  const pixels =
    Math.floor(tx) === Math.floor(ty) ? `${Math.floor(tx)} px` : `${Math.floor(tx)} and ${Math.floor(ty)} px`;
  const every = `the ${shifts} whole-pixel shifts up to ${pixels}`;
  const finite =
    'read by nearest sampling, an image has finitely many rotations, and one input was run for each interval between ' +
    'critical angles and one for each of these';
  return {
    translation:
      `Proved: ${every} were all run, and the model is right on each of them. Nothing is said of shifts between ` +
      'whole pixels.',
    rotation:
      `Proved: the model is right at every real angle up to ${angle}°; ${finite}. Nothing is said of shifts or of ` +
      'bilinear sampling.',
    full:
      `Proved: the model is right at every real angle up to ${angle}° with each of ${every}; ${finite}. Nothing is ` +
      'said of shifts between whole pixels or of bilinear sampling.',
  }[subset];
}

/** All whole-pixel shifts of a box, by their size: max(|tx|, |ty|); the identity is the first. */
function wholeShifts({ tx, ty }: Box): Transformation[] {
  const [x, y] = [Math.floor(tx), Math.floor(ty)];
  const all = Array.from({ length: (2 * x + 1) * (2 * y + 1) }, (_, i) => ({
    tx: (i % (2 * x + 1)) - x,
    ty: Math.floor(i / (2 * x + 1)) - y,
    angle: 0,
  }));
  return all.sort((a, b) => sizeOf(a) - sizeOf(b));
}

function sizeOf({ tx, ty }: Transformation): number {
  return Math.max(Math.abs(tx), Math.abs(ty));
}

/** Whole-pixel shifts from the smallest on: those before the first that fools give the radius up to which all hold. */
function* searchShifts(
  target: Target,
  shifts: readonly Transformation[],
  exhaustive: boolean,
  mostPasses: number,
): Search {
  const probeOf = (i: number): Tried => ({ transformation: shifts[i] });
  const { finding, first } = yield* runAll(target, shifts.length, probeOf, exhaustive, mostPasses);
  const largest = sizeOf(shifts[shifts.length - 1]);
  const radius = first < shifts.length ? sizeOf(shifts[first]) - 1 : largest;
  return {
    ...finding,
    certificate: { inputs: shifts.length, ...finding.certificate, radius: radius < 0 ? null : radius },
  };
}

function searchRotations(
  shifts: readonly Transformation[],
  angle: number,
  { padding, mask }: WarpSettings,
  exhaustive: boolean,
  mostPasses: number,
): Attack['search'] {
  let plan: RotationPlan | undefined;
  return function* (target) {
    plan ??= planRotations(
      shifts,
      shifts.map(({ tx, ty }) => rotationInputs(target.shape, { angle, shift: { tx, ty }, padding, mask })),
    );
    const { finding } = yield* runAll(target, plan.length, plan.input, exhaustive, mostPasses);
    return finding;
  };
}

type Tried = Omit<Probe, 'candidate'>;

/**
 * Runs all of a list until one fools or passes run out.
 * @returns first: which of the list is the first that fools or was not run; its length where there is none
 */
function* runAll(
  target: Target,
  length: number,
  probeOf: (i: number) => Tried,
  exhaustive: boolean,
  mostPasses: number,
): Generator<Ask, { readonly finding: Finding; readonly first: number }, readonly Outcome[]> {
  const tracker = new WorstTracker(target.label);
  const end = Math.min(length, mostPasses);
  let fooling: number | undefined;
  for (let wave = 0, start = 0; start < end && (exhaustive || fooling === undefined); wave++) {
    const size = WAVES[Math.min(wave, WAVES.length - 1)];
    const probes = Array.from({ length: Math.min(size, end - start) }, (_, i): Probe => ({
      ...probeOf(start + i),
      candidate: start + i,
    }));
    const outcomes = yield* classify(probes);
    probes.forEach((probe, i) => tracker.offer(probe, outcomes[i]));
    const fooled = outcomes.findIndex(({ predicted }) => predicted !== target.label);
    if (fooled >= 0) fooling ??= start + fooled;
    start += probes.length;
  }
  const first = fooling ?? end;
  return {
    first,
    finding: {
      robust: first === length,
      worst: tracker.worst,
      exhaustive: length,
      ...(exhaustive ? { fooling: tracker.fooling } : {}),
      certificate: {
        inputs: length,
        ...(fooling === undefined && end < length ? { undecided: true as const } : {}),
      },
    },
  };
}

function requireOwnConvention(name: string, { convention }: WarpSettings): void {
  if (convention === 'gimbal') return;
  throw misuse({
    code: 'proof-of-convention',
    subject: `attack "${name}"`,
    problem: `proves what ${optionWords('convention', 'gimbal')} defines; ${convention} transforms images otherwise.`,
    advice: `Leave ${optionWords('convention')} out.`,
  });
}
