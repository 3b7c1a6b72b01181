import type { Attack, Target } from '../attacks/attack.ts';
import { naturalAttack } from '../attacks/natural.ts';
import type { ImageSource, SkippedImage } from '../data/source.ts';
import type { Classifier } from '../model/classifier.ts';
import type { Clock } from '../ports/clock.ts';
import { createAnswerer, passesPerProbe, type Answerer, type Vote } from './answer.ts';
import { findDoubts } from './doubts.ts';
import { groupsAtOnce, imagesPerGroup } from './groups.ts';
import { collectLosses, collectPerturbations, type Found, toRecord } from './image-record.ts';
import { inOrder } from './in-order.ts';
import type { Journal } from './journal.ts';
import { judge, type Judged } from './judge.ts';
import { LabelEvidence } from './label-evidence.ts';
import type { ProgressListener } from './progress.ts';
import type { EvaluationResult, ImageRecord } from './records.ts';
import { requireFit, requireLabels, requireNoGap } from './require-fit.ts';
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
  const attacks = input.attacks.some(({ name }) => name === 'natural')
    ? input.attacks
    : [naturalAttack(), ...input.attacks];
  requireFit(input.source, attacks, input.vote);
  const evaluation = new Evaluation(input, attacks);
  await evaluation.sumUp();
  const groups = groupStarts(input.source.length, evaluation.groupSize);
  await inOrder(groups, groupsAtOnce(input.classifier), async (first) => {
    const group = await evaluation.settleGroup(first);
    return () => evaluation.keep(group);
  });
  return evaluation.result();
}

/** A group of images whose attacks have ended. */
interface SettledGroup {
  readonly found: Found;
  /** Whether an image of it could not be read before: all of its records are made anew. */
  readonly again: boolean;
  /** Images of the data set up to its end. */
  readonly upTo: number;
}

/** One evaluation under way. */
class Evaluation {
  readonly groupSize: number;
  readonly #input: EvaluationInput;
  readonly #attacks: readonly Attack[];
  readonly #mended: ReadonlySet<number>;
  readonly #passesAtMost: number;
  readonly #work: WorkLeft;
  readonly #answer: Answerer;
  readonly #started: number;
  /** Indices of images whose records were there when the journal was last read. */
  readonly #done = new Set<number>();
  #last = -1;
  #summary: Summary;
  #evidence = new LabelEvidence();
  #doneBefore = 0;
  #evaluations = 0;
  #begun = 0;
  #finished = 0;
  #leftOut = 0;

  constructor(input: EvaluationInput, attacks: readonly Attack[]) {
    const { classifier, vote, clock, mended = new Set<number>() } = input;
    this.#input = input;
    this.#attacks = attacks;
    this.#mended = mended;
    this.#passesAtMost = passesPerProbe(vote);
    this.#work = new WorkLeft(this.#passesAtMost);
    this.#answer = createAnswerer(classifier, vote);
    this.#started = clock.seconds();
    this.#summary = new Summary(attacks);
    this.groupSize = imagesPerGroup(classifier.shape, attacks, vote, classifier.filled);
  }

  /** Adds up what the journal holds. */
  async sumUp(): Promise<void> {
    [this.#summary, this.#evidence] = [new Summary(this.#attacks), new LabelEvidence()];
    for await (const record of this.#input.journal.records()) {
      this.#add(record);
      this.#done.add(record.index);
      this.#last = record.index;
    }
    if (this.#finished === 0) this.#doneBefore = this.#summary.n;
  }

  /** Runs the attacks on the images of a group, unless their records are all there. */
  async settleGroup(first: number): Promise<SettledGroup> {
    const { classifier, source, vote, signal } = this.#input;
    const targets = await this.#targetsFrom(first);
    const upTo = Math.min(first + this.groupSize, source.length);
    // A group whose records are all there is not evaluated again; one that was cut in the middle is, as a whole, so
    // that its batches are those of an undisturbed run.
    const again = targets.some(({ index }) => this.#mended.has(index));
    const missing = again || targets.some(({ index }) => !this.#done.has(index));
    requireLabels(targets, classifier.classes);
    requireNoGap(targets, this.#done, this.#last, this.#mended);
    const group = this.#work.begin(targets.length);
    this.#begun = Math.max(this.#begun, upTo);
    const answer = this.#answerFor(group);
    const watch = {
      ended: (attack: string, exhaustive: number) => this.#work.ended(attack, exhaustive),
      round: (open: GroupWork['open']) => void (group.open = open),
    };
    const settled = missing ? await settle(targets, this.#attacks, answer, signal, watch) : [];
    group.open = [];
    const findings: readonly ReadonlyMap<string, Judged>[] =
      missing && vote !== undefined ? await judge(targets, this.#attacks, settled, answer) : settled;
    this.#work.finish(group);
    const found = targets.flatMap((target, i) =>
      this.#done.has(target.index) && !again ? [] : [{ target, findings: findings[i] }],
    );
    return { found, again, upTo };
  }

  /** Writes what was found of a group. Groups are kept in their order. */
  async keep({ found, again, upTo }: SettledGroup): Promise<void> {
    const { source, journal } = this.#input;
    this.#finished = upTo;
    await this.#tellLeftOut();
    if (found.length === 0) return;
    const records = found.map(({ target, findings }) =>
      toRecord(target, this.#attacks, findings, this.#passesAtMost, source.classNames),
    );
    const kept = [records, collectLosses(this.#attacks, found), collectPerturbations(found)] as const;
    // With a mended image the batches of its group are others: all of it is evaluated as if nothing had been wrong.
    if (again) {
      await journal.replace?.(...kept);
      await this.sumUp();
      return;
    }
    await journal.append(...kept);
    for (const record of records) this.#add(record);
    this.#tellProgress();
  }

  result(): EvaluationResult {
    const { about, classifier, source, journal, vote, warnings = [], assumptions = [] } = this.#input;
    const summary = this.#summary;
    const result = {
      ...about,
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
        ...warnings,
        ...unreadableWarnings(source.skipped ?? []),
        ...findDoubts(result, classifier.classes, this.#evidence, source, assumptions, vote !== undefined),
      ],
      seconds: journal.secondsBefore + this.#elapsed(),
    };
  }

  /** The images of a group; of one whose records are all there nothing is read. */
  async #targetsFrom(first: number): Promise<Target[]> {
    const { classifier, source } = this.#input;
    const positions = groupFrom(first, this.groupSize, source.length);
    const isThere = positions.every((position) => {
      const index = source.indexAt?.(position);
      return index !== undefined && this.#done.has(index) && !this.#mended.has(index);
    });
    if (isThere) return [];
    const next = groupFrom(first + this.groupSize, this.groupSize, source.length);
    const images = await source.read(positions, next);
    return images.map((image) => ({ ...image, shape: classifier.shape }));
  }

  /** Answers the questions of a group's attacks, and counts them. */
  #answerFor(group: GroupWork): Answerer {
    return async (asks) => {
      const replies = await this.#answer(asks);
      const passes = replies.reduce((sum, reply) => sum + passesOf(reply), 0);
      this.#evaluations += passes;
      group.made += passes;
      this.#tellProgress();
      return replies;
    };
  }

  #add(record: ImageRecord): void {
    this.#summary.add(record);
    this.#evidence.add(record);
  }

  #elapsed(): number {
    return this.#input.clock.seconds() - this.#started;
  }

  #tellProgress(): void {
    const { onProgress, source } = this.#input;
    onProgress?.({
      done: Math.max(this.#finished, this.#doneBefore),
      total: source.length,
      doneBefore: this.#doneBefore,
      evaluations: this.#evaluations,
      remaining: this.#work.remaining(source.length - Math.max(this.#begun, this.#doneBefore)),
      accuracy: this.#summary.accuracies(),
      elapsedSeconds: this.#elapsed(),
    });
  }

  async #tellLeftOut(): Promise<void> {
    const { source, journal } = this.#input;
    const { skipped = [] } = source;
    if (skipped.length === this.#leftOut) return;
    this.#leftOut = skipped.length;
    await journal.leaveOut?.(skipped);
  }
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
