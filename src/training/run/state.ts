import type { NetworkState, Trainable } from '../network/trainable.ts';
import type { TrainingSettings } from '../recipes/recipe.ts';
import { adamw, adamwGraph } from '../optimizers/adamw.ts';
import { updateAverage } from '../optimizers/averaging.ts';
import { parameterRanges, type ParameterRange, type Optimizer, type OptimizerGraph } from '../optimizers/optimizer.ts';
import { sideBySide } from '../optimizers/sgd-kernel.ts';
import { sgd, sgdGraph } from '../optimizers/sgd.ts';

/** Share of the old running statistics that a batch leaves: PyTorch's default, 1 − 0.1. */
export const STATISTICS_MEMORY = 0.9;

/** The vectors of a run and how an update moves them. */
export class TrainingState {
  readonly live: NetworkState;
  /** A place for an update's gradient, beside the other vectors, where the optimizer is fastest. */
  readonly gradient: Float32Array;
  /** The averaged network, where the recipe averages. */
  readonly averaged?: NetworkState;
  /** The best state so far, where the run keeps it. */
  readonly best?: NetworkState;
  /** The optimizer for updates that run as graphs. */
  readonly optimizerGraph: OptimizerGraph;
  readonly #ranges: readonly ParameterRange[];
  readonly #memory: readonly Float32Array[];
  readonly #optimizer: Optimizer;
  readonly #averaging: number;

  /**
   * @param start what to begin with in place of random weights
   */
  constructor(network: Trainable, settings: TrainingSettings, start?: NetworkState) {
    [this.#optimizer, this.optimizerGraph] =
      settings.optimizer === 'sgd' ? [sgd(settings), sgdGraph(settings)] : [adamw(), adamwGraph()];
    const [parameters, gradient, ...memory] = sideBySide(2 + this.#optimizer.memories, network.layout.total);
    const first = start ?? network.initialState(settings.seed);
    const statistics = first.statistics.slice();
    parameters.set(first.parameters);
    this.live = { parameters, statistics };
    this.gradient = gradient;
    this.#memory = memory;
    this.#averaging = settings.averaging;
    if (settings.averaging > 0) this.averaged = copyOf(this.live);
    if (settings.keep === 'best') this.best = copyOf(this.live);
    this.#ranges = parameterRanges(network.layout, network.parameters, settings.decay);
  }

  /** The network as it stands: the averaged one where there is one. */
  get current(): NetworkState {
    return this.averaged ?? this.live;
  }

  /** The network that a run gives away: the best one where that is kept. */
  get result(): NetworkState {
    return this.best ?? this.current;
  }

  keepAsBest(state = this.current): void {
    this.best?.parameters.set(state.parameters);
    this.best?.statistics.set(state.statistics);
  }

  /** Every vector by name, for a checkpoint. */
  get vectors(): Map<string, Float32Array> {
    return new Map([
      ['parameters', this.live.parameters],
      ['statistics', this.live.statistics],
      ...this.#memory.map((vector, i): [string, Float32Array] => [`memory ${i}`, vector]),
      ...vectorsOf('averaged', this.averaged),
      ...vectorsOf('best', this.best),
    ]);
  }

  restore(saved: ReadonlyMap<string, Float32Array>): void {
    for (const [name, vector] of this.vectors) {
      const source = saved.get(name);
      if (source?.length !== vector.length) throw new Error(`internal: the checkpoint has no fitting vector '${name}'`);
      vector.set(source);
    }
  }

  /** Takes over a batch's statistics into the running ones. */
  observe(batch: Float32Array): void {
    const { statistics } = this.live;
    for (let i = 0; i < statistics.length; i++)
      statistics[i] = STATISTICS_MEMORY * statistics[i] + (1 - STATISTICS_MEMORY) * batch[i];
  }

  update(gradient: Float32Array, step: number, rate: number): void {
    this.#optimizer.update(this.live.parameters, gradient, this.#memory, step, rate, this.#ranges);
    if (this.averaged === undefined) return;
    updateAverage(this.averaged.parameters, this.live.parameters, this.#averaging, step);
    updateAverage(this.averaged.statistics, this.live.statistics, this.#averaging, step);
  }

  /** Whether every number is finite. */
  get sound(): boolean {
    return [...this.vectors.values()].every((vector) => vector.every(Number.isFinite));
  }
}

/** A share of the way from one state to another. */
export function stateBetween(from: NetworkState, to: NetworkState, share: number): NetworkState {
  const between = (a: Float32Array, b: Float32Array): Float32Array =>
    a.map((value, i) => value + share * (b[i] - value));
  return {
    parameters: between(from.parameters, to.parameters),
    statistics: between(from.statistics, to.statistics),
  };
}

function copyOf({ parameters, statistics }: NetworkState): NetworkState {
  return { parameters: parameters.slice(), statistics: statistics.slice() };
}

function vectorsOf(which: string, state: NetworkState | undefined): [string, Float32Array][] {
  if (state === undefined) return [];
  return [
    [`${which} parameters`, state.parameters],
    [`${which} statistics`, state.statistics],
  ];
}
