import type { Ask, GradientOutcome, Outcome, Probe, Target } from '../attacks/attack.ts';
import { failure } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Classifier, Trial, TrialRequest } from '../model/classifier.ts';
import { ballotsToSettle, isUnanimous, voteOutcome } from '../model/vote.ts';
import { randomStream } from '../random/stream.ts';
import type { Box } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import { argMax, crossEntropy } from '../statistics/cross-entropy.ts';

/**
 * A majority vote over `draws` random transformations from `box`, on top of what the attack does. Its ballots are cast
 * in two rounds, the second only where the first does not settle which class wins.
 */
export interface Vote {
  readonly draws: number;
  readonly box: Box;
  readonly seed: number;
}

/** One search's ask, with the image that it is about and the attack that it belongs to. */
export interface PendingAsk {
  readonly target: Target;
  readonly attack: string;
  readonly ask: Ask;
}

/** The outcome of a probe with the forward passes that it cost; a gradient counts as one. */
export type Answered = (Outcome | GradientOutcome) & { readonly passes: number };

/** Answers the asks of many searches together, so that batches are full; in their order. */
export type Answerer = (asks: readonly PendingAsk[]) => Promise<(readonly Answered[])[]>;

/** Forward passes that a probe costs at most. */
export function passesPerProbe(vote: Pick<Vote, 'draws'> | undefined): number {
  return vote?.draws ?? 1;
}

export function createAnswerer(classifier: Classifier, vote?: Vote): Answerer {
  return async (asks) => {
    const replies: (readonly Answered[])[] = new Array(asks.length);
    await Promise.all([
      answerKind(
        asks,
        (ask) => ask.kind === 'classify',
        (flat) => (vote === undefined ? classifyAll(classifier, flat) : voteAll(classifier, flat, vote)),
        replies,
      ),
      ...(['transformation', 'pixels'] as const).map((by) =>
        answerKind(
          asks,
          (ask) => ask.kind === 'gradient' && ask.by === by,
          (flat) => differentiateAll(classifier, flat, by),
          replies,
        ),
      ),
    ]);
    return replies;
  };
}

interface FlatProbe {
  readonly target: Target;
  readonly attack: string;
  readonly probe: Probe;
}

/** Flattens the asks of one kind, has them answered in one go and puts the outcomes where they belong. */
async function answerKind(
  asks: readonly PendingAsk[],
  belongs: (ask: Ask) => boolean,
  answer: (flat: readonly FlatProbe[]) => Promise<readonly Answered[]>,
  replies: (readonly Answered[])[],
): Promise<void> {
  const chosen = asks.map((pending, i) => ({ pending, i })).filter(({ pending }) => belongs(pending.ask));
  if (chosen.length === 0) return;
  const flat = chosen.flatMap(({ pending }) =>
    pending.ask.probes.map((probe) => ({ target: pending.target, attack: pending.attack, probe })),
  );
  const outcomes = await answer(flat);
  let next = 0;
  for (const { pending, i } of chosen) {
    const { length } = pending.ask.probes;
    replies[i] = outcomes.slice(next, next + length);
    next += length;
  }
}

/** The transformations of a probe; where it says what its pixels show, the image is moved already. */
function movesOf({ sources, transformation }: Probe): Trial['transformations'] {
  return sources === undefined ? [transformation] : [];
}

/** What is done to a probe's image, trial by trial. */
type Expand = (probe: FlatProbe) => readonly Trial['transformations'][];

/** Trials over the distinct images among the probes. */
function toRequest(flat: readonly FlatProbe[], expand: Expand): TrialRequest {
  const images: Float32Array[] = [];
  const positions = new Map<Float32Array, number>();
  const trials = flat.flatMap((item) => {
    let image = positions.get(item.target.pixels);
    if (image === undefined) {
      image = images.push(item.target.pixels) - 1;
      positions.set(item.target.pixels, image);
    }
    const position = image;
    return expand(item).map((transformations): Trial => ({
      image: position,
      perturbation: item.probe.perturbation,
      sources: item.probe.sources,
      transformations,
    }));
  });
  return { images, trials };
}

async function classifyAll(classifier: Classifier, flat: readonly FlatProbe[]): Promise<Answered[]> {
  const { classes } = classifier;
  const logits = await classifyEach(classifier, flat, ({ probe }) => [movesOf(probe)]);
  return logits.map((row, i) => ({ ...rowOutcome(row, 0, classes, flat[i].target.label), passes: 1 }));
}

async function voteAll(classifier: Classifier, flat: readonly FlatProbe[], vote: Vote): Promise<Answered[]> {
  const { classes } = classifier;
  const settling = ballotsToSettle(vote.draws);
  const draw = ballots(vote);
  const cast = await classifyEach(classifier, flat, (item) => draw(item, 0, settling));
  const open = settling === vote.draws ? [] : flat.flatMap((_, i) => (isUnanimous(cast[i], classes) ? [] : [i]));
  const others =
    open.length === 0
      ? []
      : await classifyEach(
          classifier,
          open.map((i) => flat[i]),
          (item) => draw(item, settling, vote.draws),
        );
  open.forEach((i, k) => {
    cast[i] = Float32Array.from([...cast[i], ...others[k]]);
  });
  return flat.map(({ target }, i) => ({
    ...voteOutcome(cast[i], classes, target.label),
    passes: cast[i].length / classes,
  }));
}

/** The logits of each probe, [trials of the probe, classes]; every probe has as many trials. */
async function classifyEach(
  classifier: Classifier,
  flat: readonly FlatProbe[],
  expand: Expand,
): Promise<Float32Array[]> {
  const logits = await classifier.logits(toRequest(flat, expand));
  const length = logits.length / flat.length;
  return flat.map((item, i) => {
    for (let row = 0; row < length; row += classifier.classes)
      requireScores(logits, i * length + row, classifier.classes, () => describeTrial(item));
    return logits.subarray(i * length, (i + 1) * length);
  });
}

/** The vote's draws `from` to `to` on top of a probe: fresh for every image, attack and candidate. */
function ballots({
  box,
  seed,
}: Vote): (probe: FlatProbe, from: number, to: number) => readonly Trial['transformations'][] {
  const streams = new Map<string, ReturnType<typeof randomStream>>();
  return ({ target, attack, probe }, from, to) => {
    let stream = streams.get(attack);
    if (stream === undefined) streams.set(attack, (stream = randomStream(seed, `vote under ${attack}`)));
    const drawn = stream;
    return Array.from({ length: to - from }, (_, i) => [
      ...movesOf(probe),
      drawTransformation(box, drawn, target.index, probe.candidate, from + i),
    ]);
  };
}

async function differentiateAll(
  classifier: Classifier,
  flat: readonly FlatProbe[],
  by: 'transformation' | 'pixels',
): Promise<Answered[]> {
  if (classifier.gradients === undefined)
    throw new Error('internal: an attack asks for gradients of a model without them');
  const { classes } = classifier;
  const result = await classifier.gradients(
    toRequest(flat, ({ probe }) => [[probe.transformation]]),
    flat.map(({ target }) => target.label),
    by,
  );
  return flat.map((item, i) => {
    requireScores(result.logits, i * classes, classes, () => describeTrial(item));
    const gradient = (by === 'pixels' ? result.pixels?.[i] : result.transformation?.subarray(3 * i, 3 * i + 3)) as
      Float32Array | Float64Array;
    if (!gradient.every(Number.isFinite)) {
      throw failure({
        code: 'gradient-not-finite',
        subject: 'model',
        problem: `its gradient for ${describeTrial(item)} is not finite, although its scores are.`,
        advice:
          `Use ${optionWords('gradient', 'finite-difference')} for first-order, or attacks that need no ` +
          'gradients.',
      });
    }
    return {
      ...rowOutcome(result.logits, i * classes, classes, item.target.label),
      gradient,
      passes: 1,
    };
  });
}

function rowOutcome(logits: Float32Array, offset: number, classes: number, label: number): Outcome {
  return { predicted: argMax(logits, offset, classes), loss: crossEntropy(logits, offset, classes, label) };
}

/**
 * A row of scores orders the classes if none is NaN or +∞ and one is a number. −∞ is a class of probability 0, as
 * models give that mask classes out or take the logarithm of a probability that has run out of digits.
 * @param input names the image and what was done to it
 * @throws failure `model-gives-nan`, `model-gives-infinity`
 */
export function requireScores(logits: Float32Array, offset: number, classes: number, input: () => string): void {
  let isOrdered = false;
  for (let i = offset; i < offset + classes; i++) {
    const score = logits[i];
    if (Number.isFinite(score)) isOrdered = true;
    else if (score !== -Infinity)
      throw noScore(input(), Number.isNaN(score) ? 'not a number (NaN)' : 'infinite', i - offset);
  }
  if (!isOrdered) throw noScore(input(), 'minus infinity for every class', undefined);
}

function noScore(input: string, what: string, cls: number | undefined): Error {
  return failure({
    code: what.includes('NaN') ? 'model-gives-nan' : 'model-gives-infinity',
    subject: 'model',
    problem:
      `its output for ${input} is ${what}${cls === undefined ? '' : ` for class ${cls}`}, ` + 'which tells no answer.',
    advice:
      `Check the preprocessing (${optionWords('scale')}, ${optionWords('mean')}, ${optionWords('std')}) ` +
      "and the model's precision: float16 overflows above 65,504.",
  });
}

function describeTrial({ target, probe: { transformation, perturbation } }: FlatProbe): string {
  const { tx, ty, angle } = transformation;
  const { index, file, name = `image ${index}${file === undefined ? '' : ` (${file})`}` } = target;
  return (
    `${name} under (tx ${tx}, ty ${ty}, angle ${angle})` +
    `${perturbation === undefined ? '' : ' and a perturbation of its pixels'}`
  );
}
