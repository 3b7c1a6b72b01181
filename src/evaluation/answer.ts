import type { Ask, GradientOutcome, Outcome, Probe, Target } from '../attacks/attack.ts';
import { failure } from '../errors/error.ts';
import type { Classifier, Trial, TrialRequest } from '../model/classifier.ts';
import { voteOutcome } from '../model/vote.ts';
import { randomStream } from '../random/stream.ts';
import type { Box } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import { argMax, crossEntropy } from '../statistics/cross-entropy.ts';

/** A majority vote over `draws` random transformations from `box`, on top of what the attack does. */
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

export type Reply = readonly (Outcome | GradientOutcome)[];

/** Answers the asks of many searches together, so that batches are full; in their order. */
export type Answerer = (asks: readonly PendingAsk[]) => Promise<Reply[]>;

/** Forward passes that answering an ask costs. */
export function passesPerProbe(vote: Vote | undefined): number {
  return vote?.draws ?? 1;
}

export function createAnswerer(classifier: Classifier, vote?: Vote): Answerer {
  return async (asks) => {
    const replies: Reply[] = new Array(asks.length);
    await Promise.all([
      answerKind(asks, (ask) => ask.kind === 'classify', (flat) => classifyAll(classifier, flat, vote), replies),
      ...(['transformation', 'pixels'] as const).map((by) =>
        answerKind(asks, (ask) => ask.kind === 'gradient' && ask.by === by, (flat) => differentiateAll(classifier, flat, by), replies)),
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
  asks: readonly PendingAsk[], belongs: (ask: Ask) => boolean, answer: (flat: readonly FlatProbe[]) => Promise<Reply>, replies: Reply[],
): Promise<void> {
  const chosen = asks.map((pending, i) => ({ pending, i })).filter(({ pending }) => belongs(pending.ask));
  if (chosen.length === 0) return;
  const flat = chosen.flatMap(({ pending }) => pending.ask.probes.map((probe) => ({ target: pending.target, attack: pending.attack, probe })));
  const outcomes = await answer(flat);
  let next = 0;
  for (const { pending, i } of chosen) {
    const { length } = pending.ask.probes;
    replies[i] = outcomes.slice(next, next + length);
    next += length;
  }
}

/** Trials over the distinct images among the probes. */
function toRequest(flat: readonly FlatProbe[], expand: (probe: FlatProbe) => readonly Trial['transformations'][]): TrialRequest {
  const images: Float32Array[] = [];
  const positions = new Map<Float32Array, number>();
  const trials = flat.flatMap((item) => {
    let image = positions.get(item.target.pixels);
    if (image === undefined) {
      image = images.push(item.target.pixels) - 1;
      positions.set(item.target.pixels, image);
    }
    const position = image;
    return expand(item).map((transformations): Trial => ({ image: position, perturbation: item.probe.perturbation, transformations }));
  });
  return { images, trials };
}

async function classifyAll(classifier: Classifier, flat: readonly FlatProbe[], vote: Vote | undefined): Promise<Outcome[]> {
  const { classes } = classifier;
  const m = passesPerProbe(vote);
  const logits = await classifier.logits(toRequest(flat, vote === undefined ? ({ probe }) => [[probe.transformation]] : ballots(vote)));
  return flat.map((item, i) => {
    requireNumbers(logits, i * m * classes, m * classes, item);
    return vote === undefined
      ? rowOutcome(logits, i * classes, classes, item.target.label)
      : voteOutcome(logits.subarray(i * m * classes, (i + 1) * m * classes), classes, item.target.label);
  });
}

/** The vote's draws on top of a probe: fresh for every image, attack and candidate. */
function ballots({ draws, box, seed }: Vote): (probe: FlatProbe) => readonly Trial['transformations'][] {
  const streams = new Map<string, ReturnType<typeof randomStream>>();
  return ({ target, attack, probe }) => {
    let stream = streams.get(attack);
    if (stream === undefined) streams.set(attack, (stream = randomStream(seed, `vote under ${attack}`)));
    const drawn = stream;
    return Array.from({ length: draws }, (_, draw) => [probe.transformation, drawTransformation(box, drawn, target.index, probe.candidate, draw)]);
  };
}

async function differentiateAll(classifier: Classifier, flat: readonly FlatProbe[], by: 'transformation' | 'pixels'): Promise<GradientOutcome[]> {
  if (classifier.gradients === undefined) throw new Error('internal: an attack asks for gradients of a model without them');
  const { classes } = classifier;
  const result = await classifier.gradients(toRequest(flat, ({ probe }) => [[probe.transformation]]), flat.map(({ target }) => target.label), by);
  return flat.map((item, i) => {
    requireNumbers(result.logits, i * classes, classes, item);
    const gradient = by === 'pixels' ? result.pixels?.[i] : result.transformation?.subarray(3 * i, 3 * i + 3);
    return { ...rowOutcome(result.logits, i * classes, classes, item.target.label), gradient: gradient as ArrayLike<number> };
  });
}

function rowOutcome(logits: Float32Array, offset: number, classes: number, label: number): Outcome {
  return { predicted: argMax(logits, offset, classes), loss: crossEntropy(logits, offset, classes, label) };
}

function requireNumbers(logits: Float32Array, offset: number, length: number, { target, probe }: FlatProbe): void {
  for (let i = offset; i < offset + length; i++) {
    if (!Number.isNaN(logits[i])) continue;
    const { tx, ty, angle } = probe.transformation;
    throw failure({
      code: 'model-gives-nan',
      subject: 'model',
      problem: `its output for image ${target.index} under (tx ${tx}, ty ${ty}, angle ${angle}) is not a number.`,
      advice: 'Check the preprocessing (--scale, --mean, --std) and the model itself.',
    });
  }
}
