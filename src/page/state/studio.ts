import { fromAddress, rounded, type Scene, toAddress } from '../../applications/view/scene.ts';
import type { FeedingSearch } from '../../applications/inspect/find-feeding.ts';
import { type Catalogue, type CatalogueModel, parseCatalogue } from '../../applications/view/catalogue.ts';
import { misuse } from '../../errors/error.ts';
import { describeShape, type ImageShape } from '../../image/image.ts';
import type { ModelHints } from '../../model/sidecar.ts';
import { type Box, clampTo, createBox } from '../../sets/box.ts';
import { argMax } from '../../statistics/cross-entropy.ts';
import { IDENTITY, type Transformation } from '../../transform/transformation.ts';
import { DEFAULT_WARP, type WarpSettings } from '../../transform/warp.ts';
import { cores } from '../../web/cores.ts';
import type { ModelFiles } from '../../web/desk/messages.ts';
import { fetchFile, type Picture, servedPicture } from './pictures.ts';
import { Slot } from './slot.ts';
import { Store } from './store.ts';
import { toldError } from './told-error.ts';

/** The picture on the stage. */
export interface Shown {
  readonly picture: Picture;
  /** Raw, in [0, 1], CHW, as it is fed to the models before their preprocessing. */
  readonly pixels: Float32Array;
  readonly shape: ImageShape;
  readonly label: number;
  /** Whether the picture itself tells its class; else it counts as what the first model takes it for. */
  readonly isLabelled: boolean;
}

export interface StudioState {
  readonly catalogue?: Catalogue;
  readonly slots: readonly Slot[];
  /** Models that were dropped, by name. */
  readonly dropped: readonly ModelFiles[];
  readonly pictures: readonly Picture[];
  readonly shown?: Shown;
  readonly transformation: Transformation;
  readonly box: Box;
  readonly warp: WarpSettings;
  /** What the address asks to have the models computed by. */
  readonly runtime?: Scene['runtime'];
  /** What went wrong last, or is to be known. */
  readonly message?: { readonly text: string; readonly kind: 'error' | 'note' };
}

/** Pictures that a search for the feeding tries at most. */
const MOST_TRIED = 50;

/** How long nothing may change until the map is measured, in milliseconds. */
const PAUSE = 350;

/** The page's one state: models, picture and transformation, and what follows from their changes. */
export class Studio extends Store<StudioState> {
  #pause: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  constructor() {
    super({
      slots: [],
      dropped: [],
      pictures: [],
      transformation: IDENTITY,
      box: { tx: 3, ty: 3, angle: 30 },
      warp: DEFAULT_WARP,
    });
  }

  /** Fetches the catalogue and shows what the address says. */
  async open(): Promise<void> {
    try {
      const text = await (await fetchFile('catalogue.json', 'catalogue.json')).text();
      const catalogue = parseCatalogue(text);
      this.set({ catalogue, pictures: catalogue.pictures.map(servedPicture), warp: catalogue.warp ?? DEFAULT_WARP });
      await this.goTo(location.hash);
    } catch (error) {
      this.tell(error);
    }
  }

  /** Shows the scene of an address, or what the page shows at first. */
  async goTo(address: string): Promise<void> {
    const scene = fromAddress(address);
    const { catalogue } = this.state;
    if (catalogue === undefined) return;
    this.set({ transformation: scene.transformation, runtime: scene.runtime });
    const names = scene.models.length > 0 ? scene.models : catalogue.shown;
    await this.showModels(names, scene.picture, scene.label);
  }

  /** Names of all models that can be shown. */
  get modelNames(): string[] {
    const { catalogue, dropped } = this.state;
    return [...dropped.map(({ name }) => name), ...(catalogue?.models.map(({ name }) => name) ?? [])];
  }

  /** Puts one or two models on the page, with the picture of a name, or the one that is there. */
  async showModels(names: readonly string[], pictureName?: string, label?: number): Promise<void> {
    const round = ++this.#round;
    const kept = this.state.slots.filter((slot) => names.includes(slot.state.name) && slot.state.error === undefined);
    try {
      const found = await Promise.all(
        names.slice(0, 2).map(async (name) => kept.find((slot) => slot.state.name === name) ?? this.#filesOf(name)),
      );
      const slots: Slot[] = [];
      for (const one of found)
        slots.push(
          one instanceof Slot
            ? one
            : new Slot(one.files, one.hints, this.state.warp, { after: slots[0]?.ready, runtime: this.state.runtime }),
        );
      if (round !== this.#round) return;
      for (const slot of this.state.slots) if (!slots.includes(slot)) slot.close();
      this.set({ slots });
      await this.#settle(round, pictureName, label);
    } catch (error) {
      this.tell(error);
    }
  }

  /** Opens a model anew with what the user says about it. */
  async reopen(slot: Slot, hints: ModelHints): Promise<void> {
    const round = ++this.#round;
    const { slots, warp, runtime } = this.state;
    const anew = new Slot(slot.files, hints, warp, { runtime });
    slot.close();
    this.set({ slots: slots.map((other) => (other === slot ? anew : other)) });
    await this.#settle(round);
  }

  async #filesOf(name: string): Promise<{ readonly files: ModelFiles; readonly hints?: ModelHints }> {
    const { dropped, catalogue } = this.state;
    const files = dropped.find((model) => model.name === name);
    if (files !== undefined) return { files };
    const model = catalogue?.models.find((other) => other.name === name) as CatalogueModel | undefined;
    if (model === undefined)
      throw misuse({
        code: 'unknown-model',
        subject: name,
        problem: 'is a model that this page does not have.',
        advice: 'Drop its file here: it stays in your browser.',
      });
    const bytes = new Uint8Array(await (await fetchFile(model.url, name)).arrayBuffer());
    return { files: { name, bytes }, hints: model.hints };
  }

  /** Puts the picture before the first model as soon as that is ready, then before the one beside it. */
  async #settle(round: number, pictureName?: string, label?: number): Promise<void> {
    const [first, second] = this.state.slots;
    const facts = await first?.ready;
    if (round !== this.#round || facts === undefined) return;
    const { shape } = facts;
    this.set({ box: this.state.catalogue?.box ?? createBox(shape, 30) });
    this.set({ transformation: clampTo(this.state.box, this.state.transformation) });
    const picture =
      this.state.pictures.find(({ name }) => name === pictureName) ??
      this.state.shown?.picture ??
      this.fittingPictures[0];
    if (picture !== undefined) await this.showPicture(picture, label);
    const others = await second?.ready;
    if (round !== this.#round || others === undefined) return;
    if (describeShape(others.shape) === describeShape(shape)) return this.#present(second);
    second.close();
    this.set({ slots: [first] });
    this.tell(
      misuse({
        code: 'other-shape',
        subject: second.state.name,
        problem: `takes images of ${describeShape(others.shape)}, ${first.state.name} of ${describeShape(shape)}.`,
        advice: 'Two models stand side by side where both take the same images.',
      }),
    );
  }

  /** Puts the picture that is shown before a model, if it takes such pictures and is ready. */
  #present(slot: Slot): void {
    const { shown, transformation } = this.state;
    const { facts } = slot.state;
    if (shown === undefined || facts === undefined || describeShape(facts.shape) !== describeShape(shown.shape)) return;
    slot.show({ pixels: shown.pixels, label: shown.label });
    slot.ask(transformation);
    this.#measureMaps();
  }

  /** Pictures whose class the models have, or that tell none; those that tell one that the models lack are left out. */
  get fittingPictures(): readonly Picture[] {
    const facts = this.state.slots[0]?.state.facts;
    if (facts === undefined) return this.state.pictures;
    const fitting = this.state.pictures.filter(
      (picture) => picture.class === undefined || picture.label !== undefined || this.labelOf(picture) !== undefined,
    );
    return fitting.length > 0 ? fitting : this.state.pictures;
  }

  /** The label that a picture has by its class's name among the models' classes. */
  labelOf({ label, class: name }: Picture): number | undefined {
    const facts = this.state.slots[0]?.state.facts;
    if (label !== undefined || name === undefined || facts === undefined) return label;
    const names = facts.classNames ?? this.state.catalogue?.classNames;
    // Classes without names are known by their numbers.
    const found = names === undefined ? (/^\d+$/.test(name) ? Number(name) : -1) : names.indexOf(name);
    return found >= 0 && found < facts.classes ? found : undefined;
  }

  /**
   * Pictures whose class the models have, as many as a search for the feeding takes, from all over those there are; of
   * dropped ones these alone: a digit that the page brings along is no class 3 of another model.
   */
  get labelledPictures(): readonly Picture[] {
    const known = this.fittingPictures.filter((picture) => this.labelOf(picture) !== undefined);
    const dropped = known.filter(({ isDropped }) => isDropped);
    const all = dropped.length > 0 ? dropped : known;
    const step = Math.max(1, all.length / MOST_TRIED);
    return Array.from({ length: Math.min(MOST_TRIED, all.length) }, (_, i) => all[Math.floor(i * step)]);
  }

  /** Tries the usual ways of feeding a model on the pictures whose class is known. @throws what reading them throws */
  async findFeeding({ desk, files: { name } }: Slot): Promise<FeedingSearch> {
    const pictures = this.labelledPictures;
    const images: Float32Array[] = [];
    for (const picture of pictures) {
      const read = await picture.read();
      images.push(read instanceof Float32Array ? read : await desk.call('fit', { picture: read, name: picture.name }));
    }
    const labels = pictures.map((picture) => this.labelOf(picture) as number);
    return desk.call('findFeeding', { name, images, labels });
  }

  className(label: number): string {
    const { slots, catalogue } = this.state;
    return slots[0]?.state.facts?.classNames?.[label] ?? catalogue?.classNames?.[label] ?? String(label);
  }

  async showPicture(picture: Picture, given?: number): Promise<void> {
    const [first] = this.state.slots;
    const facts = await first?.ready;
    if (facts === undefined) return;
    try {
      const read = await picture.read();
      const pixels =
        read instanceof Float32Array ? read : await first.desk.call('fit', { picture: read, name: picture.name });
      const told = this.labelOf(picture);
      const label = given ?? told ?? (await this.#takenFor(first, pixels));
      if (first !== this.state.slots[0]) return;
      this.set({
        shown: { picture, pixels, shape: facts.shape, label, isLabelled: told !== undefined || given !== undefined },
      });
      for (const slot of this.state.slots) this.#present(slot);
      this.#writeAddress();
    } catch (error) {
      this.tell(error);
    }
  }

  async #takenFor(slot: Slot, pixels: Float32Array): Promise<number> {
    const scores = await slot.desk.call('classify', { pixels, transformation: IDENTITY });
    return argMax(scores, 0, scores.length);
  }

  /** The user says what the picture shows. */
  setLabel(label: number): void {
    const { shown } = this.state;
    if (shown !== undefined) void this.showPicture(shown.picture, label);
  }

  moveTo(transformation: Transformation): void {
    const within = clampTo(this.state.box, rounded(transformation));
    this.set({ transformation: within });
    for (const slot of this.state.slots) slot.ask(within);
    this.#writeAddress();
  }

  setBox(box: Box): void {
    this.set({ box });
    this.moveTo(this.state.transformation);
    this.#measureMaps();
  }

  addModel(files: ModelFiles): void {
    this.set({ dropped: [files, ...this.state.dropped.filter(({ name }) => name !== files.name)] });
  }

  addPictures(pictures: readonly Picture[]): void {
    this.set({ pictures: [...pictures, ...this.state.pictures] });
  }

  /** Looks for the worst transformation of every model, and shows what the first one found. */
  async findWorst(attack: string): Promise<void> {
    const { slots, box } = this.state;
    const results = await Promise.all(slots.map((slot) => slot.search(attack, box, this.#threads())));
    const found =
      results.find((result) => result !== undefined && !result.robust) ?? results.find((r) => r !== undefined);
    if (found !== undefined) this.moveTo(found.worst.transformation);
  }

  stopSearches(): void {
    for (const slot of this.state.slots) slot.stopSearch();
  }

  tell(error: unknown): void {
    this.set({ message: { text: toldError(error), kind: 'error' } });
  }

  note(text: string): void {
    this.set({ message: { text, kind: 'note' } });
  }

  dismiss(): void {
    this.set({ message: undefined });
  }

  /** Workers for each model's map and searches, beside the thread of the picture that is moved. */
  #threads(): number {
    return Math.max(1, Math.min(4, Math.floor(cores() / Math.max(1, this.state.slots.length))));
  }

  #measureMaps(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      for (const slot of this.state.slots)
        if (!slot.hasMapOf(this.state.box)) void slot.measureMap(this.state.box, this.#threads());
    }, PAUSE);
  }

  #writeAddress(): void {
    const { slots, shown, transformation } = this.state;
    const address = toAddress({
      models: slots.map((slot) => slot.state.name),
      picture: shown?.picture.name,
      label: shown?.isLabelled && this.labelOf(shown.picture) !== shown.label ? shown.label : undefined,
      transformation,
      runtime: this.state.runtime,
    });
    history.replaceState(null, '', `#${address}`);
  }
}
