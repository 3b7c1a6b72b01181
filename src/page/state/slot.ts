import { verdictOf, type Verdict } from '../../evaluation/verdict.ts';
import { landscapeGrid } from '../../evaluation/landscape.ts';
import type { ModelHints } from '../../model/sidecar.ts';
import type { Box } from '../../sets/box.ts';
import type { Transformation } from '../../transform/transformation.ts';
import type { WarpSettings } from '../../transform/warp.ts';
import { Desk } from '../../web/desk/client.ts';
import type {
  Computing,
  Fallen,
  MapPart,
  ModelFacts,
  ModelFiles,
  SearchPart,
  SearchResult,
  Subject,
} from '../../web/desk/messages.ts';
import { LossMap } from './loss-map.ts';
import { Store } from './store.ts';
import { toldError } from './told-error.ts';
import { WASM } from '../../web/wasm-files.ts';

/** How a search stands. */
export type SearchState =
  | { readonly kind: 'running'; readonly attack: string; readonly part?: SearchPart }
  | { readonly kind: 'found'; readonly result: SearchResult }
  | { readonly kind: 'failed'; readonly message: string };

export interface SlotState {
  readonly name: string;
  readonly facts?: ModelFacts;
  /** Why the model cannot be used. */
  readonly error?: string;
  readonly verdict?: Verdict;
  /** What was shown when the verdict was asked for. */
  readonly verdictAt?: Transformation;
  /** Verdicts so far. */
  readonly verdicts: number;
  /** Changes with each part of the map. */
  readonly map?: LossMap;
  readonly mapped: number;
  readonly search?: SearchState;
  readonly computing: Computing;
}

/** One model on the page, with what was asked of it. */
export class Slot extends Store<SlotState> {
  readonly desk = new Desk();
  readonly files: ModelFiles;
  /** What was said about feeding it. */
  readonly hints: ModelHints;
  readonly ready: Promise<ModelFacts | undefined>;
  #subject: Subject | undefined;
  #wanted: Transformation | undefined;
  #asking = false;
  #mapping: AbortController | undefined;
  #searching: AbortController | undefined;

  /**
   * @param after what is waited for first: two models that start at once are both late
   * @param runtime what is to compute; default: WebGPU where there is a GPU, else WebAssembly
   */
  constructor(
    files: ModelFiles,
    hints: ModelHints | undefined,
    warp: WarpSettings | undefined,
    {
      after = Promise.resolve(),
      runtime,
    }: { readonly after?: Promise<unknown>; readonly runtime?: Computing['on'] } = {},
  ) {
    super({ name: files.name, verdicts: 0, mapped: 0, computing: { on: 'wasm' } });
    this.files = files;
    this.hints = hints ?? {};
    this.ready = after
      .then(() => this.desk.call('open', { files, hints, warp, wasm: WASM }))
      .then(
        (facts) => {
          this.set({ facts });
          if (runtime !== 'wasm') void this.#accelerate(runtime === 'webgpu');
          return facts;
        },
        (error: unknown) => {
          this.set({ error: toldError(error) });
          return undefined;
        },
      );
  }

  async #accelerate(software: boolean): Promise<void> {
    // A model that is gone by then has none.
    const computing = await this.desk.call('accelerate', { software }).catch(() => undefined);
    if (computing !== undefined) this.set({ computing });
  }

  readonly #fallen = ({ computing }: Fallen): void => this.set({ computing });

  /** Another image: what was found of the one before goes. */
  show(subject: Subject | undefined): void {
    this.#subject = subject;
    this.#mapping?.abort();
    this.stopSearch();
    this.set({ verdict: undefined, map: undefined, mapped: 0, search: undefined });
  }

  /** Asks for a verdict; of many that are asked for while one is under way, the last is made. */
  ask(transformation: Transformation): void {
    this.#wanted = transformation;
    if (!this.#asking) void this.#askAll();
  }

  async #askAll(): Promise<void> {
    this.#asking = true;
    try {
      while (this.#wanted !== undefined && this.#subject !== undefined && this.state.facts !== undefined) {
        const transformation = this.#wanted;
        const subject = this.#subject;
        this.#wanted = undefined;
        const { pixels, label } = subject;
        const scores = await this.desk.call('classify', { pixels, transformation }, { onTold: this.#fallen });
        if (subject !== this.#subject) continue;
        const verdict = verdictOf(scores, label);
        this.set({ verdict, verdictAt: transformation, verdicts: this.state.verdicts + 1, error: undefined });
      }
    } catch (error) {
      this.set({ error: toldError(error), verdict: undefined });
    } finally {
      this.#asking = false;
    }
  }

  /** Whether the map over this box is measured, or about to be. */
  hasMapOf({ tx, angle }: Box): boolean {
    const { map } = this.state;
    return map !== undefined && map.grid.box.tx === tx && map.grid.box.angle === angle;
  }

  /** Measures the loss over angle and shift, and shows what it has so far. */
  async measureMap(box: Box, threads: number): Promise<void> {
    this.#mapping?.abort();
    const subject = this.#subject;
    if (subject === undefined || this.state.facts === undefined) return;
    const mapping = (this.#mapping = new AbortController());
    const map = new LossMap(landscapeGrid(box), subject.label);
    this.set({ map, mapped: 0 });
    try {
      const { worst } = await this.desk.call(
        'map',
        { ...subject, box, threads },
        {
          signal: mapping.signal,
          onTold: (part: MapPart | Fallen) => {
            if ('computing' in part) return this.#fallen(part);
            map.take(part);
            this.set({ mapped: map.measured });
          },
        },
      );
      map.worst = worst;
      this.set({ mapped: map.measured });
    } catch (error) {
      if (!mapping.signal.aborted) this.set({ error: toldError(error) });
    }
  }

  /** @returns what was found; undefined where it was stopped or failed */
  async search(attack: string, box: Box, threads: number): Promise<SearchResult | undefined> {
    this.stopSearch();
    const subject = this.#subject;
    if (subject === undefined || this.state.facts === undefined) return undefined;
    const searching = (this.#searching = new AbortController());
    this.set({ search: { kind: 'running', attack } });
    try {
      const result = await this.desk.call(
        'search',
        { ...subject, attack, box, threads },
        {
          signal: searching.signal,
          onTold: (part: SearchPart | Fallen) =>
            'computing' in part ? this.#fallen(part) : this.set({ search: { kind: 'running', attack, part } }),
        },
      );
      this.set({ search: { kind: 'found', result } });
      return result;
    } catch (error) {
      if (!searching.signal.aborted) this.set({ search: { kind: 'failed', message: toldError(error) } });
      return undefined;
    }
  }

  stopSearch(): void {
    this.#searching?.abort();
    if (this.state.search?.kind === 'running') this.set({ search: undefined });
  }

  close(): void {
    this.#mapping?.abort();
    this.stopSearch();
    this.#subject = undefined;
    this.desk.close();
  }
}
