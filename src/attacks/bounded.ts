import type { z } from 'zod';
import { randomStream } from '../random/stream.ts';
import { real } from '../settings/numbers.ts';
import { value } from '../settings/value.ts';
import { percentage, Question } from '../quantities/quantities.ts';
import type { Box, Subset } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import { binomialTail, clopperPearsonUpper } from '../statistics/clopper-pearson.ts';
import { classify, type Attack, type Finding, type Grade } from './attack.ts';
import { defineAttack } from './definition.ts';
import { CERTIFICATES_GROUP } from './shared-settings.ts';
import { MANY, underMask } from './words.ts';
import { WorstTracker } from './worst-tracker.ts';

/** In percent, where nothing is given. */
const SHARE = 1;
const CONFIDENCE = 99.9;

/** Draws at each look, as multiples of those that the first one takes. */
const LOOKS = [1, 2, 4] as const;

/** Probes in a wave. */
const WAVES = [4, 8, 16, 32, 64];

/** What each form certifies. */
const GRADES: Readonly<Record<Subset, Grade>> = {
  full: 'bound',
  rotation: 'bound:rotation',
  translation: 'bound:translation',
};

/**
 * A bound on the share of the box that fools an image, from uniform draws. The draws are looked at three times; an
 * image is bounded at the first look where the exact bound by Clopper and Pearson is at most the share asked for. Each
 * look has a third of the risk (Bonferroni), so that looking again costs no confidence. An image of which the last look
 * could not say it any more is given up, and nothing is said of it.
 */
export const BOUNDED = defineAttack({
  name: 'bounded',
  hasForms: true,
  takesRadius: false,
  settings: {
    share: {
      schema: shareOfBox().optional(),
      facts: {
        group: CERTIFICATES_GROUP,
        value: 'PERCENT',
        help: 'bounded: most of the box that may fool an image, as 2 or 0.5%.',
      },
      default: undefined,
      defaultText: `${SHARE}%`,
    },
    confidence: {
      schema: real('percent', { from: 50, to: 99.9999 }).optional(),
      facts: {
        group: CERTIFICATES_GROUP,
        value: 'PERCENT',
        help: 'bounded: confidence of what is said of each image.',
      },
      default: undefined,
      defaultText: String(CONFIDENCE),
    },
  },
  grades: GRADES,
  documentation: {
    tries:
      'uniform draws from the box, until an exact bound says that at most 1 % of it fools (`--share`), with a ' +
      'confidence of 99.9 % (`--confidence`), or no longer can ([certificates](certify.md))',
    rightWhen: 'the bound holds',
  },
  create({
    name,
    subset,
    box,
    warp,
    seed,
    exhaustive,
    settings: { share: { percent: share } = { percent: SHARE }, confidence = CONFIDENCE },
  }) {
    const plan = planLooks(share / 100, 1 - confidence / 100);
    return {
      name,
      changes: 'view',
      subset,
      words: {
        tries: `at most ${share} % of all ${MANY[subset]} fool, with a confidence of ${confidence} %`,
        under: (range) => `bounded over ${range}`,
      },
      seeks: 'bound',
      certificate: {
        grade: GRADES[subset],
        meaning:
          `Bounded with confidence, not proved: for each image alone it is true with a confidence of ${confidence} % ` +
          `that at most ${share} % of all ${MANY[subset]} of the range fool the model. Smaller parts of it ` +
          `may.${underMask(warp)}`,
      },
      needsGradients: false,
      search: searchBound(box, plan, seed, exhaustive),
    };
  },
});

/** A number of draws, and how many of them may fool for the bound to hold. */
interface Look {
  readonly draws: number;
  readonly allowed: number;
}

interface Plan {
  readonly looks: readonly Look[];
  /** Of each look. */
  readonly risk: number;
}

/** @param share in (0, 1) @param risk 1 − confidence */
export function planLooks(share: number, risk: number): Plan {
  const each = risk / LOOKS.length;
  const first = Math.ceil(Math.log(each) / Math.log1p(-share));
  const looks = LOOKS.map((times): Look => {
    const draws = times * first;
    let allowed = -1;
    while (binomialTail(allowed + 1, draws, share) <= each) allowed++;
    return { draws, allowed };
  });
  return { looks, risk: each };
}

function searchBound(box: Box, { looks, risk }: Plan, seed: number, exhaustive: boolean): Attack['search'] {
  const stream = randomStream(seed, 'bound');
  const last = looks[looks.length - 1];
  return function* (target) {
    const tracker = new WorstTracker(target.label);
    const found = (bound: number | null): Finding => ({
      robust: bound !== null,
      worst: tracker.worst,
      exhaustive: last.draws,
      ...(exhaustive ? { fooling: tracker.fooling } : {}),
      certificate: { inputs: last.draws, draws: tracker.tried, fooling: tracker.fooling, bound },
    });
    for (let wave = 0; ; wave++) {
      const look = looks.find(({ draws }) => draws > tracker.tried) as Look;
      const size = Math.min(WAVES[Math.min(wave, WAVES.length - 1)], look.draws - tracker.tried);
      const start = tracker.tried;
      const probes = Array.from({ length: size }, (_, i) => ({
        candidate: start + i,
        transformation: drawTransformation(box, stream, target.index, start + i),
      }));
      const outcomes = yield* classify(probes);
      probes.forEach((probe, i) => tracker.offer(probe, outcomes[i]));
      if (tracker.tried === look.draws && tracker.fooling <= look.allowed)
        return found(Math.ceil(1e6 * clopperPearsonUpper(tracker.fooling, tracker.tried, risk)) / 1e6);
      if (tracker.fooling > last.allowed) return found(null);
    }
  };
}

/** Percent as it is written, so that one below 1 is asked about once and not when a configuration is read again. */
export interface Percent {
  readonly percent: number;
}

function shareOfBox(): z.ZodType<Percent> {
  const isSound = (percent: unknown): percent is number =>
    typeof percent === 'number' && percent >= 0.01 && percent <= 50;
  return value('percent of the box from 0.01% to 50%, as 2 or 0.5%', (given) => {
    const { percent } = (given ?? {}) as Partial<Percent>;
    if (isSound(percent)) return { percent };
    const read = percentage(given);
    return read instanceof Question ? read : isSound(read) ? { percent: read } : undefined;
  });
}
