import { Tensor } from 'onnxruntime-common';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { Device, Runtime, Session } from '../../runtime/runtime.ts';
import { drawTransformation } from '../../sets/draws.ts';
import { layoutOf, renewed, stateTensors, type StateTensor } from '../device/state-tensors.ts';
import { needsLabels, rowsOf, SCALARS, updatesGraph } from '../device/updates-graph.ts';
import { MAP_SIZE, writeMap } from '../device/warp-graph.ts';
import { randomStart } from '../objectives/linf.ts';
import type { DevicePlan } from '../objectives/objective.ts';
import { softTargets } from '../objectives/targets.ts';
import { adamCorrections } from '../optimizers/adamw.ts';
import { averagingWeight } from '../optimizers/averaging.ts';
import { FrozenSession, type FrozenModel } from '../step/frozen-model.ts';
import { floatsOf, openGraph } from '../step/session.ts';
import { STATISTICS_MEMORY, type TrainingState } from './state.ts';
import type { Task } from './task.ts';
import { BatchReader } from './batch-reader.ts';
import type { Updater, Updates } from './updater.ts';

/** Numbers of images that are handed over together at most: 128 MiB; the next ones are prepared meanwhile. */
const MOST_NUMBERS = 2 ** 25;
const MOST_UPDATES = 64;
/** Updates whose images are read at once, beside those that are handed over. */
const READ_AHEAD = 4;

/** Updates with the same number of candidates: one run of a session. */
interface Group extends Updates {
  readonly candidates: number;
}

/**
 * Carries out many updates as one graph on a device, with weights and optimizer there: what crosses over is the images
 * of these updates and, once, the state. The result differs from that of single steps by rounding, and where the device
 * does not add in a fixed order, from run to run.
 */
export class DeviceUpdater implements Updater {
  readonly stride: number;
  readonly #task: Task;
  readonly #plan: DevicePlan;
  readonly #state: TrainingState;
  readonly #open: (candidates: number) => Promise<Session>;
  /** The state's tensors as views of its vectors. */
  readonly #tensors: readonly (StateTensor & { readonly values: Float32Array })[];
  readonly #openFrozen: () => Promise<FrozenSession>;
  #frozen: Promise<FrozenSession> | undefined;
  readonly #sessions = new Map<number, Promise<Session>>();
  /** The feeds of the group that comes next. */
  #prepared: { readonly group: Group; readonly feeds: Promise<Record<string, Tensor>> } | undefined;

  /** @throws misuse `not-on-device` naming the setting that a device does not carry out */
  constructor(task: Task, state: TrainingState, runtime: Runtime, device: Device, threads: number) {
    this.#task = task;
    this.#state = state;
    this.#plan = requirePlan(task, device);
    const {
      network,
      objective,
      settings: { batch },
    } = task;
    const { channels, height, width } = task.data.shape;
    this.stride = Math.max(1, Math.min(MOST_UPDATES, Math.floor(MOST_NUMBERS / (batch * channels * height * width))));
    this.#tensors = stateTensors(network, state.optimizerGraph, state.averaged !== undefined).map((tensor) => ({
      ...tensor,
      values: layoutOf(network, tensor.vector)
        .views(state.vectors.get(tensor.vector) as Float32Array)
        .get(tensor.slot) as Float32Array,
    }));
    this.#openFrozen = () => FrozenSession.open(network, runtime, threads, device);
    this.#open = (candidates) =>
      openGraph(
        updatesGraph({
          network,
          pair: objective.pair,
          batch,
          natural: this.#plan.natural,
          candidates,
          ranking: device === 'cuda' ? 'float16' : 'float32',
          attack: this.#plan.pixelAttack,
          optimizer: state.optimizerGraph,
          decay: task.settings.decay,
          interpolation: task.settings.interpolation,
          averaged: state.averaged !== undefined,
          statisticsMemory: STATISTICS_MEMORY,
        }),
        runtime,
        threads,
        device,
      );
  }

  async advance(updates: Updates, following?: Updates): Promise<readonly number[]> {
    const groups = this.#groupsOf(updates);
    const then = following && this.#groupsOf(following)[0];
    const losses: number[] = [];
    for (const [i, group] of groups.entries()) {
      for (const loss of await this.#carryOut(group, groups[i + 1] ?? then)) losses.push(loss);
      if (!losses.every(Number.isFinite)) break;
    }
    return losses;
  }

  async measure<T>(work: (model: Pick<FrozenModel, 'logits'>) => Promise<T>, state = this.#state.current): Promise<T> {
    const frozen = await (this.#frozen ??= this.#openFrozen());
    return work({ logits: (images, rows) => frozen.logits(state, images, rows) });
  }

  async release(): Promise<void> {
    await (await this.#frozen)?.release();
    for (const session of this.#sessions.values()) await (await session).release();
  }

  /** The number of candidates may rise on the way. */
  #groupsOf({ positions, step, epoch }: Updates): Group[] {
    const {
      settings: { batch },
      steps,
    } = this.#task;
    const candidatesAt = (update: number): number => this.#plan.candidates?.((step + update) / steps) ?? 0;
    const count = positions.length / batch;
    const groups: Group[] = [];
    for (let from = 0; from < count;) {
      const candidates = candidatesAt(from);
      let to = from + 1;
      while (to < count && candidatesAt(to) === candidates) to++;
      groups.push({ positions: positions.subarray(from * batch, to * batch), step: step + from, epoch, candidates });
      from = to;
    }
    return groups;
  }

  /** Runs a group; while the device works, the host prepares the next one. */
  async #carryOut(group: Group, next: Group | undefined): Promise<number[]> {
    const { candidates } = group;
    let session = this.#sessions.get(candidates);
    if (session === undefined) this.#sessions.set(candidates, (session = this.#open(candidates)));
    const tensors = this.#tensors;
    const state = Object.fromEntries(
      tensors.map(({ name, dims, values }) => [name, new Tensor('float32', values, dims)]),
    );
    const feeds = await this.#feedsOf(group);
    const running = (await session).run({ ...state, ...feeds });
    if (next !== undefined) this.#prepare(next);
    const results = await running;
    const losses = [...floatsOf(results.losses)];
    if (losses.every(Number.isFinite))
      for (const { name, values } of tensors) values.set(floatsOf(results[renewed(name)]));
    return losses;
  }

  #prepare(group: Group): void {
    const feeds = this.#feeds(group);
    // Whoever asks for them is told; if nobody does, because the run stops here, it does not matter.
    feeds.catch(() => {});
    this.#prepared = { group, feeds };
  }

  #feedsOf(group: Group): Promise<Record<string, Tensor>> {
    const ahead = this.#prepared;
    this.#prepared = undefined;
    const { step, positions, candidates } = group;
    const same =
      ahead?.group.step === step &&
      ahead.group.positions.length === positions.length &&
      ahead.group.candidates === candidates;
    return same ? ahead.feeds : this.#feeds(group);
  }

  async #feeds({ positions, step, epoch, candidates }: Group): Promise<Record<string, Tensor>> {
    const {
      network: { shape, classes },
      objective,
      settings,
      box,
      streams,
      rate,
    } = this.#task;
    const { batch, smoothing } = settings;
    const { channels, height, width } = shape;
    const updates = positions.length / batch;
    const size = channels * height * width;
    const rows = rowsOf({ batch, natural: this.#plan.natural, candidates });
    const images = new Float32Array(positions.length * size);
    const targets = new Float32Array(updates * rows * classes);
    const scalars = new Float32Array(updates * SCALARS.length);
    const maps = new Float32Array(positions.length * candidates * MAP_SIZE);
    const { pixelAttack: attack } = this.#plan;
    const labelled = needsLabels({ candidates, attack });
    const reader = new BatchReader(this.#task);
    const batches = Array.from({ length: updates }, (_, update) => ({
      positions: positions.subarray(update * batch, (update + 1) * batch),
      epoch,
    }));
    const hard = new Float32Array(labelled ? positions.length * classes : 0);
    const starts = new Float32Array(attack === undefined ? 0 : images.length);
    for (let update = 0; update < updates; update++) {
      reader.begin(batches.slice(update, update + READ_AHEAD));
      const { images: pixels, labels, indices } = await reader.read(batches[update].positions, epoch);
      const first = update * batch;
      pixels.forEach((image, i) => images.set(image, (first + i) * size));
      targets.set(objective.targets(labels, { classes, smoothing }), update * rows * classes);
      if (labelled) hard.set(softTargets(labels, classes, 0, 1), first * classes);
      if (attack !== undefined) {
        const part = images.subarray(first * size, (first + batch) * size);
        starts.set(
          randomStart(part, size, indices, attack.epsilon, (index, block) =>
            streams.noise.uniform4(index, block, epoch),
          ),
          first * size,
        );
      }
      indices.forEach((index, i) => {
        for (let draw = 0; draw < candidates; draw++) {
          writeMap(
            drawTransformation(box, streams.draw, index, draw, epoch),
            shape,
            maps,
            ((first + i) * candidates + draw) * MAP_SIZE,
          );
        }
      });
      const now = step + update;
      scalars.set(
        [rate(now), averagingWeight(settings.averaging, now), ...adamCorrections(now)],
        update * SCALARS.length,
      );
    }
    return {
      count: new Tensor('int64', BigInt64Array.of(BigInt(updates)), []),
      images: new Tensor('float32', images, [updates, batch, channels, height, width]),
      targets: new Tensor('float32', targets, [updates, rows, classes]),
      scalars: new Tensor('float32', scalars, [updates, SCALARS.length]),
      ...(candidates > 0 ? { maps: new Tensor('float32', maps, [updates, batch, candidates, MAP_SIZE]) } : {}),
      ...(labelled ? { labels: new Tensor('float32', hard, [updates, batch, classes]) } : {}),
      ...(attack === undefined
        ? {}
        : { starts: new Tensor('float32', starts, [updates, batch, channels, height, width]) }),
    };
  }
}

function requirePlan({ objective: { plan }, settings }: Task, device: Device): DevicePlan {
  const refuse = (setting: string, problem: string): Error =>
    misuse({
      code: 'not-on-device',
      subject: `setting ${setting}`,
      problem: `${problem} is not carried out on ${device}.`,
      advice: `Train with ${optionWords('device', 'cpu')}, or change the setting.`,
    });
  if (plan === undefined) throw refuse('objective', settings.objective);
  return plan;
}
