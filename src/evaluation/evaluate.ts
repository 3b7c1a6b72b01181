import type { Attack, Target } from '../attacks/attack.ts';
import { naturalAttack } from '../attacks/natural.ts';
import type { ImageSource, SkippedImage } from '../data/source.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Classifier } from '../model/classifier.ts';
import type { Clock } from '../ports/clock.ts';
import { toTuple } from '../transform/transformation.ts';
import { createAnswerer, passesPerProbe, type Answerer, type Vote } from './answer.ts';
import { findDoubts } from './doubts.ts';
import { groupsAtOnce, imagesPerGroup, isCertificate } from './groups.ts';
import { LabelEvidence } from './label-evidence.ts';
import type { ProgressListener } from './progress.ts';
import type { AttackRecord, EvaluationResult, ImageRecord } from './records.ts';
import type { Journal } from './journal.ts';
import { judge, type Judged } from './judge.ts';
import { passesOf, settle } from './settle.ts';
import { Summary } from './summarize.ts';
import { type GroupWork, WorkLeft } from './work-left.ts';

/** A classifier, images and attacks, with what an evaluation of them needs beside. */
export interface EvaluationInput {
  readonly classifier: Classifier;
  /** The images to evaluate, each with its index in the whole data set. */
  readonly source: ImageSource;
  /** Under what the images are tried; `natural` is added where it is missing. */
  readonly attacks: readonly Attack[];
  /**
   * Evaluate the majority vote instead of the classifier itself: attacks choose by asking it, and each choice is judged
   * by a vote of its own. Attacks that end at the first wrong answer choose badly then, since it may be luck.
   */
  readonly vote?: Vote;
  /** Where records go and where an earlier part of the run is found. */
  readonly journal: Journal;
  /** Indices of images that could not be read when the journal was written, and are other files by now. */
  readonly mended?: ReadonlySet<number>;
  /** Tells how long it takes. */
  readonly clock: Clock;
  readonly onProgress?: ProgressListener;
  /** Stops the run between forward passes; what is in the journal stays. */
  readonly signal?: AbortSignal;
  /** What is known of the run for `result.json`. */
  readonly about: Pick<EvaluationResult, 'gimbal' | 'model' | 'data'>;
  /** What was taken for granted of the model, told when accuracy is near chance. */
  readonly assumptions?: readonly string[];
  /** What is to be told with the result, before what is found out. */
  readonly warnings?: readonly string[];
}

/**
 * Evaluates a classifier under attacks, image by image.
 *
 * Images go through in groups of fixed size, several groups side by side; records are appended in the order of the data
 * set. What is found for an image depends on the image, the attacks and the seed alone, so a run that was cut off and
 * goes on ends with the same records as one that was not.
 *
 * @throws misuse for labels outside of the classes and for attacks that the classifier or the vote does not allow
 */
export async function evaluateClassifier(input: EvaluationInput): Promise<EvaluationResult> {
  const { classifier, source, journal, signal, mended = new Set<number>() } = input;
  const attacks = input.attacks.some(({ name }) => name === 'natural')
    ? input.attacks
    : [naturalAttack(), ...input.attacks];
  requireFit(input, attacks);
  const started = input.clock.seconds();
  const elapsed = (): number => input.clock.seconds() - started;
  let [summary, evidence] = [new Summary(attacks), new LabelEvidence()];
  const doneIndices = new Set<number>();
  let last = -1;
  const sumUp = async (): Promise<void> => {
    [summary, evidence] = [new Summary(attacks), new LabelEvidence()];
    for await (const record of journal.records()) {
      summary.add(record);
      evidence.add(record);
      doneIndices.add(record.index);
      last = record.index;
    }
  };
  await sumUp();
  const doneBefore = summary.n;
  const passesAtMost = passesPerProbe(input.vote);
  const work = new WorkLeft(passesAtMost);
  let evaluations = 0;
  let begun = 0;
  let finished = 0;
  const tellProgress = (): void =>
    input.onProgress?.({
      done: Math.max(finished, doneBefore),
      total: source.length,
      doneBefore,
      evaluations,
      remaining: work.remaining(source.length - Math.max(begun, doneBefore)),
      accuracy: summary.accuracies(),
      elapsedSeconds: elapsed(),
    });
  const answerAll = createAnswerer(classifier, input.vote);
  const answerFor =
    (group: GroupWork): Answerer =>
    async (asks) => {
      const replies = await answerAll(asks);
      const passes = replies.reduce((sum, reply) => sum + passesOf(reply), 0);
      evaluations += passes;
      group.made += passes;
      tellProgress();
      return replies;
    };
  const groupSize = imagesPerGroup(classifier.shape, attacks, input.vote, classifier.filled);

  let leftOut = 0;
  const tellLeftOut = async (): Promise<void> => {
    const { skipped = [] } = source;
    if (skipped.length === leftOut) return;
    leftOut = skipped.length;
    await journal.leaveOut?.(skipped);
  };

  const evaluateGroup = async (first: number): Promise<() => Promise<void>> => {
    const positions = groupFrom(first, groupSize, source.length);
    const left = source.length - first - positions.length;
    const isThere = positions.every((position) => {
      const index = source.indexAt?.(position);
      return index !== undefined && doneIndices.has(index) && !mended.has(index);
    });
    // Of a group whose records are all there nothing is read.
    const next = groupFrom(first + groupSize, groupSize, source.length);
    const images = isThere ? [] : await source.read(positions, next);
    // A group whose records are all there is not evaluated again; one that was cut in the middle is, as a whole, so
    // that its batches are those of an undisturbed run.
    const again = images.some(({ index }) => mended.has(index));
    const missing = again || images.some(({ index }) => !doneIndices.has(index));
    const targets = images.map((image): Target => ({ ...image, shape: classifier.shape }));
    requireLabels(targets, classifier.classes);
    requireNoGap(targets, doneIndices, last, mended);
    const group = work.begin(targets.length);
    begun = Math.max(begun, first + positions.length);
    const answer = answerFor(group);
    const watch = {
      ended: (attack: string, exhaustive: number) => work.ended(attack, exhaustive),
      round: (open: GroupWork['open']) => void (group.open = open),
    };
    const found = missing ? await settle(targets, attacks, answer, signal, watch) : [];
    group.open = [];
    const findings: readonly ReadonlyMap<string, Judged>[] =
      missing && input.vote !== undefined ? await judge(targets, attacks, found, answer) : found;
    work.finish(group);
    return async () => {
      const fresh = targets.flatMap((target, i) =>
        doneIndices.has(target.index) && !again ? [] : [{ target, findings: findings[i] }],
      );
      finished = source.length - left;
      await tellLeftOut();
      if (fresh.length === 0) return;
      const records = fresh.map((entry) =>
        toRecord(entry.target, attacks, entry.findings, passesAtMost, source.classNames),
      );
      const kept = [records, collectLosses(attacks, fresh), collectPerturbations(fresh)] as const;
      // With a mended image the batches of its group are others: all of it is evaluated as if nothing had been wrong.
      if (again) {
        await journal.replace?.(...kept);
        await sumUp();
        return;
      }
      await journal.append(...kept);
      for (const record of records) {
        summary.add(record);
        evidence.add(record);
      }
      tellProgress();
    };
  };

  await inOrder(groupStarts(source.length, groupSize), groupsAtOnce(classifier), evaluateGroup);
  const result = {
    ...input.about,
    n: summary.n,
    skipped: source.length - summary.n,
    attacks: summary.attacks(),
    ...summary.tolerance(),
    ...summary.certificates(),
    evaluations: summary.evaluations(),
  };
  return {
    ...result,
    warnings: [
      ...(input.warnings ?? []),
      ...unreadableWarnings(source.skipped ?? []),
      ...findDoubts(result, classifier.classes, evidence, source, input.assumptions ?? [], input.vote !== undefined),
    ],
    seconds: journal.secondsBefore + elapsed(),
  };
}

/** What could not be read, by name. */
function unreadableWarnings(skipped: readonly SkippedImage[]): string[] {
  const named = skipped
    .slice(0, 5)
    .map(({ position, path, reason }) => `image ${position}, ${path} (${reason.trim().split('\n')[0]})`);
  const rest = skipped.length - named.length;
  return skipped.length === 0
    ? []
    : [`Left out, because it could not be read: ${named.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`];
}

/** Positions of a group; none past the end. */
function groupFrom(first: number, groupSize: number, length: number): number[] {
  return Array.from({ length: Math.max(0, Math.min(groupSize, length - first)) }, (_, i) => first + i);
}

function* groupStarts(length: number, groupSize: number): Generator<number> {
  for (let first = 0; first < length; first += groupSize) yield first;
}

/** Works on up to `width` items at once and finishes them one after the other, in their order. */
async function inOrder<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<() => Promise<void>>,
): Promise<void> {
  const running: Promise<() => Promise<void>>[] = [];
  try {
    for (const item of items) {
      const finishing = work(item);
      // Its turn to be waited for may come after it has failed, which Node would take for an error that nobody handles.
      finishing.catch(() => undefined);
      running.push(finishing);
      if (running.length >= width) await (await (running.shift() as Promise<() => Promise<void>>))();
    }
    while (running.length > 0) await (await (running.shift() as Promise<() => Promise<void>>))();
  } finally {
    // After a failure, what is still under way ends before the error is passed on.
    await Promise.allSettled(running);
  }
}

function toRecord(
  target: Target,
  attacks: readonly Attack[],
  findings: ReadonlyMap<string, Judged>,
  passesAtMost: number,
  classNames: readonly string[] | undefined,
): ImageRecord {
  const byAttack: Record<string, AttackRecord> = {};
  for (const { name } of attacks) {
    const finding = findings.get(name) as Judged;
    const { robust, everyQuery, worst, correctDraws, draws, fooling, breakingPoint, refinedPoint, certificate } =
      finding;
    byAttack[name] = {
      robust,
      ...(everyQuery === undefined ? {} : { everyQuery }),
      worst: toTuple(worst.transformation),
      loss: Number(worst.loss.toPrecision(6)),
      predicted: worst.predicted,
      tried: finding.passes,
      exhaustive: finding.exhaustive * passesAtMost,
      ...(draws === undefined ? {} : { correctDraws, draws }),
      ...(fooling === undefined ? {} : { fooling }),
      ...(breakingPoint === undefined ? {} : { breakingPoint }),
      ...(refinedPoint === undefined ? {} : { refinedPoint }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(robust || worst.perturbation === undefined ? {} : { perturbation: perturbationFile(name, target.index) }),
    };
  }
  const { index, label, file } = target;
  const prediction = (findings.get('natural') as Judged).worst.predicted;
  const [own, predicted] = [classNames?.[label], classNames?.[prediction]];
  return {
    index,
    label,
    ...(file === undefined ? {} : { file }),
    ...(own === undefined ? {} : { class: own }),
    prediction,
    ...(predicted === undefined ? {} : { predictedClass: predicted }),
    attacks: byAttack,
  };
}

/** Points stay: a radius of 8/255 is another than one of 8.255. */
function perturbationFile(attack: string, index: number): string {
  return `perturbations/${attack.replace(/[^a-z0-9.-]/g, '_')}-${index}.f32`;
}

type Fresh = readonly { readonly target: Target; readonly findings: ReadonlyMap<string, Judged> }[];

function collectLosses(attacks: readonly Attack[], fresh: Fresh): Map<string, Float32Array[]> {
  const losses = new Map<string, Float32Array[]>();
  for (const { name } of attacks) {
    const kept = fresh.flatMap(({ findings }) => findings.get(name)?.losses ?? []);
    if (kept.length > 0) losses.set(name, kept);
  }
  return losses;
}

function collectPerturbations(fresh: Fresh): Map<string, Float32Array> {
  const files = new Map<string, Float32Array>();
  for (const { target, findings } of fresh) {
    for (const [name, { robust, worst }] of findings) {
      if (!robust && worst.perturbation !== undefined)
        files.set(perturbationFile(name, target.index), worst.perturbation);
    }
  }
  return files;
}

function requireFit({ source, vote }: EvaluationInput, attacks: readonly Attack[]): void {
  const gradientAttacks = attacks.filter(({ needsGradients }) => needsGradients).map(({ name }) => name);
  if (vote !== undefined && gradientAttacks.length > 0) {
    throw misuse({
      code: 'vote-without-gradients',
      subject: 'vote',
      problem: `got the attack ${gradientAttacks.join(', ')}, but a majority vote has no gradient.`,
      advice: `Leave those attacks out, or use ${optionWords('gradient', 'finite-difference')} for first-order.`,
    });
  }
  const proofs = attacks.filter(isCertificate).map(({ name }) => name);
  if (vote !== undefined && proofs.length > 0) {
    throw misuse({
      code: 'vote-without-proof',
      subject: 'vote',
      problem:
        `got ${proofs.join(', ')}, but the answers of a vote are drawn afresh for every query: what it answers once ` +
        'it need not answer again, so that nothing is proved of it and nothing bounded.',
      advice:
        'Certify a model whose answers are fixed: the file alone, one with the mirror image or a vote with fixed ' +
        `draws built in (gimbal export), or ${optionWords('mirror')}.`,
    });
  }
  const smallest = attacks.filter(({ seeks }) => seeks === 'smallest').map(({ name }) => name);
  if (vote !== undefined && smallest.length > 0) {
    throw misuse({
      code: 'vote-without-tolerance',
      subject: 'vote',
      problem:
        `got the attack ${smallest.join(', ')}, but the answers of a vote are drawn afresh for every query: ` +
        'what fools it once need not fool it again, so there is no smallest that does.',
      advice: `Leave that attack out, or measure the model without ${optionWords('vote')}.`,
    });
  }
  requirePlaces(attacks);
  if (source.length === 0) {
    throw misuse({
      code: 'no-images',
      subject: source.name,
      problem: 'no images are left to evaluate.',
      advice: `Check ${optionWords('offset')}, ${optionWords('limit')} and ${optionWords('exclude')}.`,
    });
  }
}

/** A result holds one figure of breaking points for each thing they are measured in, one certificate of a grade. */
function requirePlaces(attacks: readonly Attack[]): void {
  const takers = new Map<string, string>();
  for (const { name, figure, certificate } of attacks) {
    const places = [
      ...(figure?.kind === 'survival' ? [`tolerance.${figure.extent}`] : []),
      ...(certificate === undefined ? [] : [`certificates.${certificate.grade}`]),
    ];
    for (const place of places) {
      const first = takers.get(place);
      if (first !== undefined)
        throw misuse({
          code: 'place-taken',
          subject: `attack "${name}"`,
          problem: `fills ${place} of the result, as "${first}" does.`,
          advice: 'Run the two one after the other.',
        });
      takers.set(place, name);
    }
  }
}

/** @param last index of the last image whose record is there: the records of all before it were there once */
function requireNoGap(
  targets: readonly Target[],
  done: ReadonlySet<number>,
  last: number,
  mended: ReadonlySet<number>,
): void {
  const lost = targets.find(({ index }) => index < last && !done.has(index) && !mended.has(index));
  if (lost === undefined) return;
  throw misuse({
    code: 'run-folder-damaged',
    subject: 'the records of the run',
    problem: `that of image ${lost.index} is missing, although that of image ${last} is there.`,
    advice: `Put images.jsonl back from a copy, start anew with another ${optionWords('out')}, or delete the folder.`,
  });
}

function requireLabels(targets: readonly Target[], classes: number): void {
  const wrong = targets.find(({ label }) => !(label >= 0 && label < classes));
  if (wrong === undefined) return;
  throw misuse({
    code: 'label-out-of-range',
    subject: `label of image ${wrong.index}`,
    problem: `got ${wrong.label}, the model has the classes 0 to ${classes - 1}.`,
    advice: `Check that model and data belong together, and ${optionWords('label-offset')}.`,
  });
}
