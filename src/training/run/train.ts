import type { ConversionOptions } from '../../data/conversion.ts';
import type { ImageSource } from '../../data/source.ts';
import { GimbalError, failure } from '../../errors/error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Device, Runtime } from '../../runtime/runtime.ts';
import type { Normalisation } from '../batches/channel-statistics.ts';
import { epochOrder } from '../batches/order.ts';
import type { NetworkState, Trainable } from '../network/trainable.ts';
import type { Hyperparameters, TrainingSettings } from '../recipes/recipe.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { measureHeldOut } from './held-out.ts';
import { identityOf, refuseOther, type RunIdentity } from './identity.ts';
import { keepsLast, worthOf, type Between, type EpochMetrics, type Standing, type TrainingEvent } from './metrics.ts';
import { recipeNetwork } from './recipe-network.ts';
import { resultOf, type StartingPoint } from './starting-point.ts';
import { stateBetween, TrainingState } from './state.ts';
import type { RunStore } from './store.ts';
import { createTask, type Task } from './task.ts';
import { openUpdater } from './open-updater.ts';
import type { Updater, Updates } from './updater.ts';

/** What any training run takes. */
export interface RunOptions {
  readonly settings: TrainingSettings;
  readonly data: ImageSource;
  readonly runtime: Runtime;
  readonly store: RunStore;
  /** Tells how fast it goes, and when the next checkpoint is due. */
  readonly clock: Clock;
  /** Threads inside an operator. */
  readonly threads: number;
  /** Where updates run. Default: cpu. */
  readonly device?: Device;
  /** Stops the run after the update under way, with a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Seconds between checkpoints; there is one after each epoch in any case. */
  readonly checkpointSeconds?: number;
}

/** What is trained, and from where. */
export interface Trainee {
  /** What decides the run: the store goes on with the very same alone. */
  readonly identity: RunIdentity;
  /** @param fitted normalisation that the run found when it began, where it goes on */
  readonly network: (fitted: Normalisation | undefined) => Promise<Trainable>;
  /** The state to begin with in place of the network's own. */
  readonly initial?: NetworkState;
}

export interface TrainingOptions extends RunOptions {
  readonly recipe: string;
  readonly settings: Hyperparameters;
  /** How `data` was told to resize and cut its images: runs that differ in it are not the same. */
  readonly preparation?: ConversionOptions;
  /** Begin with this run's weights and normalisation in place of random weights; the optimizer begins anew. */
  readonly start?: StartingPoint;
}

export interface TrainingResult {
  readonly network: Trainable;
  readonly state: NetworkState;
  /** False where the signal stopped the run. */
  readonly finished: boolean;
  readonly metrics: readonly EpochMetrics[];
  /** Where the network stood before its first update, where the best state is kept. */
  readonly baseline?: Standing;
  /** The epoch whose state is given away, where the best one is kept; 0: the state before the first. */
  readonly bestEpoch?: number;
  /** Where weights between the start's and those of `bestEpoch` are given away. */
  readonly between?: Between;
}

/** Shares of the way from the start that are tried. */
const SHARES = [0.75, 0.5, 0.25];

/**
 * Trains a network by a recipe, or goes on with the run that the store holds. The result is a pure function of
 * settings, data, start and number of threads, however often the run was stopped.
 *
 * @throws misuse `other-run` if the store holds another run, `too-few-images`, `bad-checkpoint`, `other-network`
 * @throws failure `diverged` naming the update, if the loss or a weight is no longer a number; the last good checkpoint
 *   stays
 */
export async function train(options: TrainingOptions): Promise<TrainingResult> {
  const { settings, data, start } = options;
  return trainNetwork(options, {
    identity: identityOf(options),
    network: (fitted) => recipeNetwork(settings, data, start, fitted),
    initial: start === undefined ? undefined : resultOf(start.checkpoint),
  });
}

/** Trains any network; see `train`. */
export async function trainNetwork(options: RunOptions, trained: Trainee): Promise<TrainingResult> {
  const { settings, data, runtime, threads, onEvent } = options;
  const { identity, initial } = trained;
  const notice = (text: string): void => onEvent?.({ kind: 'notice', text });
  const saved = await savedRun(options.store, identity, notice);
  const task = createTask(settings, data, await trained.network(saved?.normalisation));
  const state = new TrainingState(task.network, settings, initial);
  const run = new TrainingRun(identity, task, state, options);
  await run.begin(saved);
  const updater = await openUpdater(task, state, runtime, options.device ?? 'cpu', threads, notice);
  let finished = false;
  try {
    await run.carryOn(updater);
    finished = run.finished;
    if (finished && settings.interpolate)
      finished = await run.interpolate(updater, initial ?? task.network.initialState(settings.seed));
  } finally {
    await updater.release();
  }
  const { metrics, baseline, bestEpoch, between } = run;
  return { network: task.network, state: state.result, finished, metrics, baseline, bestEpoch, between };
}

/** What the store holds of this run: its newest checkpoint, or where that is damaged the one before it. */
async function savedRun(
  store: RunStore,
  identity: RunIdentity,
  tell: (notice: string) => void,
): Promise<Checkpoint | undefined> {
  const bytes = await store.load();
  if (bytes === undefined) return undefined;
  const checkpoint = await decodeCheckpoint(bytes, `${store.name}: the newest checkpoint`).catch((error: unknown) =>
    beforeDamaged(store, error, tell),
  );
  refuseOther(checkpoint.identity, identity);
  return checkpoint;
}

/** @throws the error where there is no checkpoint before the damaged one, or that is damaged too */
async function beforeDamaged(store: RunStore, error: unknown, tell: (notice: string) => void): Promise<Checkpoint> {
  const damaged = error instanceof GimbalError && error.issue.code === 'bad-checkpoint';
  const before = damaged ? await store.load('before') : undefined;
  if (before === undefined) throw error;
  const checkpoint = await decodeCheckpoint(
    before,
    `${store.name}: neither of the last two checkpoints is sound; the older one`,
  );
  await store.setAside();
  tell(
    `${(error as GimbalError).issue.subject} is damaged and put aside; ` +
      `the run goes on from the one before it, after update ${checkpoint.step}.`,
  );
  return checkpoint;
}

/** How far a run is: its updates counted, measured and saved. */
class TrainingRun {
  readonly metrics: EpochMetrics[] = [];
  baseline: Standing | undefined;
  bestEpoch: number | undefined;
  between: Between | undefined;
  readonly #identity: RunIdentity;
  readonly #task: Task;
  readonly #state: TrainingState;
  readonly #options: RunOptions;
  /** Updates done. */
  #step = 0;
  /** Sum of the losses of this epoch's updates so far. */
  #lossSum = 0;
  /** By the clock. */
  #savedAt: number;
  /** The order of the epoch that was asked for last. */
  #order: { readonly epoch: number; readonly positions: Uint32Array } | undefined;

  constructor(identity: RunIdentity, task: Task, state: TrainingState, options: RunOptions) {
    this.#identity = identity;
    this.#task = task;
    this.#state = state;
    this.#options = options;
    this.#savedAt = options.clock.seconds();
  }

  get finished(): boolean {
    return this.#step === this.#task.steps;
  }

  /** Begins, or takes over what was saved. */
  async begin(saved: Checkpoint | undefined): Promise<void> {
    const { steps, network, positions, settings } = this.#task;
    if (saved !== undefined) {
      this.#state.restore(saved.vectors);
      this.#step = saved.step;
      this.#lossSum = saved.lossSum;
      this.baseline = saved.baseline;
      this.bestEpoch = saved.bestEpoch;
      for (const line of saved.metrics) this.metrics.push(line);
    }
    await this.#options.store.resetMetrics(this.metrics);
    this.#tell({
      kind: 'start',
      steps,
      epochs: settings.epochs,
      parameters: network.layout.total,
      images: positions.length,
      resumedAt: this.#step,
    });
  }

  /** Trains to the end, or until the signal stops it. */
  async carryOn(updater: Updater): Promise<void> {
    this.#savedAt = this.#options.clock.seconds();
    if (this.#task.settings.keep === 'best' && this.baseline === undefined) await this.#measureBaseline(updater);
    while (!this.finished && !this.#stopped) await this.#carryOnEpoch(updater);
    if (!this.finished) await this.#save();
  }

  /**
   * Tries weights between those at the start and the best ones, or the last where none were better than the start: part
   * of the way back a network often has most of what it lost again, and keeps most of what it gained (Wortsman et al.,
   * CVPR 2022). Nothing of it is saved: a run that is opened at its end does it again.
   * @returns false where the signal came on the way
   */
  async interpolate(updater: Updater, start: NetworkState): Promise<boolean> {
    const { baseline, metrics, bestEpoch } = this;
    const { settings } = this.#task;
    if (baseline?.natural === undefined || bestEpoch === undefined) return true;
    const end = bestEpoch === 0 ? this.#state.current : this.#state.result;
    const epoch = bestEpoch === 0 ? metrics.length : bestEpoch;
    let most = bestEpoch === 0 ? baseline : metrics[bestEpoch - 1];
    let best: NetworkState | undefined;
    for (const share of SHARES) {
      if (this.#stopped) return false;
      const state = stateBetween(start, end, share);
      const standing = await this.#measure(updater, state);
      this.#tell({ kind: 'between', share, epoch, ...standing });
      if (worthOf(standing, baseline, settings.allowedLoss) <= worthOf(most, baseline, settings.allowedLoss)) continue;
      [most, best, this.between, this.bestEpoch] = [standing, state, { share, ...standing }, epoch];
    }
    if (best !== undefined) this.#state.keepAsBest(best);
    return true;
  }

  async #carryOnEpoch(updater: Updater): Promise<void> {
    const {
      settings: { batch },
      steps,
      stepsPerEpoch,
    } = this.#task;
    const epoch = Math.floor(this.#step / stepsPerEpoch);
    const { clock, checkpointSeconds = 120 } = this.#options;
    const started = clock.seconds();
    let fresh = 0;
    while (!this.#stopped) {
      const updates = this.#updatesFrom(this.#step, updater.stride);
      const count = updates.positions.length / batch;
      const next = this.#step + count;
      const losses = await updater.advance(updates, next < steps ? this.#updatesFrom(next, updater.stride) : undefined);
      losses.forEach((loss, i) => {
        if (!Number.isFinite(loss)) throw this.#diverged(`the loss is ${loss}`, this.#step + i);
        this.#lossSum += loss;
      });
      this.#step += count;
      fresh += count;

      const rate = this.#task.rate(this.#step - 1);
      const loss = losses[count - 1];
      const seconds = clock.seconds() - started;
      const imagesPerSecond = (fresh * batch) / seconds;
      this.#tell({
        kind: 'step',
        step: this.#step,
        steps,
        epoch: epoch + 1,
        loss,
        rate,
        imagesPerSecond,
        secondsLeft: ((steps - this.#step) * batch) / imagesPerSecond,
      });
      if (this.#step % stepsPerEpoch === 0) return this.#endEpoch(updater, { rate, imagesPerSecond, seconds });
      if (clock.seconds() - this.#savedAt > checkpointSeconds) await this.#save();
    }
  }

  /** As many updates as there are up to the epoch's end, `most` at most. */
  #updatesFrom(step: number, most: number): Updates {
    const {
      settings: { batch, seed },
      positions,
      stepsPerEpoch,
    } = this.#task;
    const epoch = Math.floor(step / stepsPerEpoch);
    if (this.#order?.epoch !== epoch) this.#order = { epoch, positions: epochOrder(positions, seed, epoch) };
    const done = step % stepsPerEpoch;
    return {
      positions: this.#order.positions.subarray(done * batch, Math.min(done + most, stepsPerEpoch) * batch),
      step,
      epoch,
    };
  }

  async #endEpoch(updater: Updater, pace: Pick<EpochMetrics, 'rate' | 'imagesPerSecond' | 'seconds'>): Promise<void> {
    const {
      heldOut,
      stepsPerEpoch,
      settings: { epochs },
    } = this.#task;
    const { rate, ...timings } = pace;
    const line: EpochMetrics = {
      epoch: this.#step / stepsPerEpoch,
      step: this.#step,
      loss: this.#lossSum / stepsPerEpoch,
      rate,
      ...(await this.#measure(updater)),
      heldOut: heldOut.length,
      ...timings,
    };
    this.metrics.push(line);
    this.#lossSum = 0;
    if (this.#task.settings.keep === 'best') this.#keepIfBest(line);
    await this.#save();
    await this.#options.store.appendMetrics(line);
    this.#tell({ kind: 'epoch', metrics: line, epochs });
  }

  /** Where the network stands before its first update: the best state until there is a better one. */
  async #measureBaseline(updater: Updater): Promise<void> {
    this.baseline = await this.#measure(updater);
    this.bestEpoch = 0;
    this.#state.keepAsBest();
    this.#tell({ kind: 'baseline', ...this.baseline });
  }

  #keepIfBest(line: EpochMetrics): void {
    const { baseline, metrics } = this;
    if (baseline === undefined || !keepsLast(metrics, baseline, this.#task.settings.allowedLoss)) return;
    this.bestEpoch = line.epoch;
    this.#state.keepAsBest();
  }

  async #measure(updater: Updater, state?: NetworkState): Promise<Standing> {
    const { heldOut: positions, data, network, box, warp, streams } = this.#task;
    const heldOut = { data, classes: network.classes, positions, box, warp, stream: streams.heldOut };
    if (positions.length === 0) return {};
    return updater.measure((model, teacher) => measureHeldOut(model, heldOut, teacher), state);
  }

  async #save(): Promise<void> {
    if (!this.#state.sound) throw this.#diverged('a weight is no longer a number');
    await this.#options.store.save(
      await encodeCheckpoint({
        identity: this.#identity,
        step: this.#step,
        lossSum: this.#lossSum,
        metrics: this.metrics,
        baseline: this.baseline,
        bestEpoch: this.bestEpoch,
        normalisation: this.#task.network.normalisation,
        vectors: this.#state.vectors,
      }),
    );
    this.#savedAt = this.#options.clock.seconds();
    this.#tell({ kind: 'checkpoint', step: this.#step });
  }

  get #stopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  #tell(event: TrainingEvent): void {
    this.#options.onEvent?.(event);
  }

  #diverged(problem: string, step = this.#step): Error {
    const { steps, stepsPerEpoch } = this.#task;
    return failure({
      code: 'diverged',
      subject: `update ${step + 1} of ${steps} (epoch ${Math.floor(step / stepsPerEpoch) + 1})`,
      problem: `training diverged: ${problem}.`,
      advice: 'The last good checkpoint is kept. Try a lower rate, for example half of it.',
    });
  }
}
