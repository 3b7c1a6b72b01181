import type { Runtime } from '../../runtime/runtime.ts';
import { drawTransformation } from '../../sets/draws.ts';
import type { ObjectiveContext } from '../objectives/objective.ts';
import { objectiveNamed } from '../objectives/registry.ts';
import {
  freeze,
  FrozenSession,
  isNewSessionDear,
  openGradientSession,
  type FrozenModel,
  type GradientSession,
} from '../step/frozen-model.ts';
import { StepSession } from '../step/step-session.ts';
import type { TrainingState } from './state.ts';
import type { Task } from './task.ts';
import { BatchReader } from './batch-reader.ts';
import type { Updater, Updates } from './updater.ts';

/**
 * Carries out updates one by one, with the optimizer on the main thread.
 */
export class StepUpdater implements Updater {
  readonly stride = 1;
  readonly #task: Task;
  readonly #state: TrainingState;
  readonly #runtime: Runtime;
  readonly #threads: number;
  readonly #step: StepSession;
  readonly #pixelGradients: GradientSession | undefined;
  #frozen: Promise<FrozenSession> | undefined;
  #teacher: Promise<FrozenModel> | undefined;
  readonly #gradient: Float32Array;
  readonly #batchStatistics: Float32Array;
  readonly #reader: BatchReader;

  private constructor(
    task: Task,
    state: TrainingState,
    runtime: Runtime,
    threads: number,
    step: StepSession,
    pixelGradients: GradientSession | undefined,
  ) {
    this.#task = task;
    this.#reader = new BatchReader(task);
    this.#state = state;
    this.#runtime = runtime;
    this.#threads = threads;
    this.#step = step;
    this.#pixelGradients = pixelGradients;
    this.#gradient = state.gradient;
    this.#batchStatistics = new Float32Array(task.network.statistics.total);
  }

  /** @param onNotice is told where the faster layout cannot be used */
  static async open(
    task: Task,
    state: TrainingState,
    runtime: Runtime,
    threads: number,
    onNotice: (text: string) => void,
  ): Promise<StepUpdater> {
    const {
      network,
      objective,
      settings: { batch },
    } = task;
    const step = await StepSession.open(
      network,
      runtime,
      threads,
      objective.rowsPerImage * batch,
      objective.pair,
      onNotice,
    );
    const pixelGradients = objective.needsGradients ? await openGradientSession(network, runtime, threads) : undefined;
    return new StepUpdater(task, state, runtime, threads, step, pixelGradients);
  }

  async advance({ positions, step, epoch }: Updates, following?: Updates): Promise<number[]> {
    const { objective } = this.#task;
    const { context, release } = this.#contextAt(step, epoch);
    const batch = await this.#reader.read(positions, epoch);
    // The next one is read while this one is worked on.
    this.#reader.begin(following === undefined ? [] : [following]);
    const input = await objective.prepare(batch, context);
    const loss = await this.#step.run(this.#state.live.parameters, input, this.#gradient, this.#batchStatistics);
    this.#state.observe(this.#batchStatistics);
    await release();
    if (Number.isFinite(loss)) this.#state.update(this.#gradient, step, this.#task.rate(step));
    return [loss];
  }

  async measure<T>(
    work: (model: FrozenModel, teacher?: FrozenModel) => Promise<T>,
    state = this.#state.current,
  ): Promise<T> {
    const model = await freeze(this.#task.network, state, this.#runtime, this.#threads);
    try {
      const { taught } = objectiveNamed(this.#task.settings.objective);
      return await work(model, taught ? await this.#teacherModel() : undefined);
    } finally {
      await model.release();
    }
  }

  async release(): Promise<void> {
    await this.#step.release();
    await this.#pixelGradients?.session.release();
    await (await this.#frozen)?.release();
    await (await this.#teacher)?.release();
  }

  /** Opened when it is first needed; undefined for networks for which a new session at each update is faster. */
  async #frozenSession(): Promise<FrozenSession | undefined> {
    const { network } = this.#task;
    if (isNewSessionDear(network)) this.#frozen ??= FrozenSession.open(network, this.#runtime, this.#threads, 'cpu');
    return this.#frozen;
  }

  /** The network as the run began with it. */
  #teacherModel(): Promise<FrozenModel> {
    const { network, settings } = this.#task;
    return (this.#teacher ??= freeze(network, network.initialState(settings.seed), this.#runtime, this.#threads));
  }

  /** What an objective may ask for at one update; the frozen network is made when it is first asked for. */
  #contextAt(step: number, epoch: number): { context: ObjectiveContext; release: () => Promise<void> } {
    const { settings, box, warp, streams, steps, network } = this.#task;
    let frozen: FrozenModel | undefined;
    return {
      context: {
        classes: network.classes,
        smoothing: settings.smoothing,
        box,
        warp,
        progress: step / steps,
        draw: (index, draw) => drawTransformation(box, streams.draw, index, draw, epoch),
        noise: (index, block) => streams.noise.uniform4(index, block, epoch),
        frozen: async () =>
          (frozen ??= await freeze(
            network,
            this.#state.live,
            this.#runtime,
            this.#threads,
            this.#pixelGradients,
            await this.#frozenSession(),
          )),
        teacher: () => this.#teacherModel(),
      },
      release: async () => frozen?.release(),
    };
  }
}
