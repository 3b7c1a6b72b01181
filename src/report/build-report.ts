import type { AttackFacts, Target } from '../attacks/attack.ts';
import type { ImageShape, LabelledImage } from '../image/image.ts';
import { imageSize } from '../image/image.ts';
import type { ImageSource } from '../data/source.ts';
import type { Journal } from '../evaluation/journal.ts';
import type { ImageRecord } from '../evaluation/records.ts';
import { tallyClasses } from '../evaluation/tally-classes.ts';
import type { Landscape } from '../evaluation/landscape.ts';
import type { Sweep } from '../evaluation/sweeps.ts';
import type { Grid } from '../sets/grid.ts';
import { fromTuple, type Transformation } from '../transform/transformation.ts';
import type { Warp } from '../transform/warp.ts';
import { chooseExamples, type PlacedRecord } from './choose-examples.ts';
import { attackOf } from './attack-of.ts';
import { worstAttack, worstSpatial } from './headline.ts';
import { findFailures } from './failures.ts';
import { type FrameDrawer, frameDrawer, type PictureSize, type ShownImage } from './draw-frames.ts';
import type { Example, ReportInput, Shown, Slices, Tolerance } from './report-input.ts';
import { tallyGrid } from './tally-grid.ts';
import { tallySurvival } from './tally-survival.ts';

export interface ReportSources extends Pick<
  ReportInput,
  'result' | 'setting' | 'made' | 'command' | 'configuration' | 'assumptions' | 'baseline'
> {
  readonly journal: Pick<Journal, 'records' | 'losses'>;
  /** The images of the run, in its order. */
  readonly source: ImageSource;
  readonly warp: Warp;
  /** Of attacks that read images in a way of their own, by name. */
  readonly warps?: ReadonlyMap<string, Warp>;
  /** The grids of attacks whose losses the journal keeps, by name of the attack. */
  readonly grids?: ReadonlyMap<string, Grid>;
  /** How many fooled images to show. */
  readonly examples: number;
  /**
   * Searches for the smallest transformation that fools each image, of those that an attack chooses from; images for
   * which it finds none are absent. Without it examples show what the attack ended with.
   * @returns by index of the image
   */
  readonly findSmallest?: (attack: string, images: readonly Target[]) => Promise<ReadonlyMap<number, Shown>>;
  /**
   * The verdicts on images under transformations in a row, through the one that is shown of each; images without any
   * are absent. Without it examples have no sliders.
   * @returns by index of the image
   */
  readonly sweep?: (
    attack: string,
    images: readonly { readonly target: Target; readonly through: Transformation }[],
  ) => Promise<ReadonlyMap<number, Sweep>>;
  /** Measures the loss around each of a few chosen images; without it the report shows no landscapes. */
  readonly landscapes?: {
    readonly count: number;
    readonly measure: (image: LabelledImage) => Promise<Landscape | undefined>;
  };
  /** Measures accuracy over the angle and over the shift on a part of the images. */
  readonly slices?: () => Promise<Slices | undefined>;
  /** Encodes raw pixels ([0, 1], CHW) as a data URL. @param size default: that of a report's pictures */
  readonly encode: (pixels: Float32Array, shape: ImageShape, size?: PictureSize) => Promise<string>;
}

/** Gathers what the report shows: reads the records once for each view, keeps sums and the chosen images alone. */
export async function buildReport(sources: ReportSources): Promise<ReportInput> {
  const {
    result,
    setting,
    made,
    command,
    configuration,
    assumptions,
    baseline,
    journal,
    source,
    grids = new Map(),
  } = sources;
  const worst = worstAttack(sources);
  const shown = worstSpatial(sources);
  const chosen = shown === undefined ? [] : await chooseExamples(journal.records(), shown.name, sources.examples);
  const examples = shown === undefined ? [] : await drawExamples(sources, shown.name, chosen, frameDrawer(sources));
  const tallies = [];
  for (const [attack, grid] of grids) tallies.push(await tallyGrid(attack, grid, journal.losses(attack)));
  return {
    result,
    setting,
    made,
    command,
    configuration,
    assumptions,
    classNames: source.classNames,
    ...(worst === undefined ? {} : { classes: await tallyClasses(journal.records(), worst.name, setting.box) }),
    examples,
    failures: await findFailures(journal.records(), setting, shown && { attack: shown.name, examples }),
    tolerances: await gatherTolerances(sources),
    grids: tallies.filter(({ n }) => n > 0),
    slices: shown === undefined ? undefined : await sources.slices?.(),
    landscapes: shown === undefined ? [] : await measureLandscapes(sources, shown.name, chosen),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

/** The images that break first are as many as other pictures, up to this. */
const MOST_FRAGILE = 12;

async function gatherTolerances(sources: ReportSources): Promise<Tolerance[]> {
  const { result, setting, journal, examples } = sources;
  const tolerances: Tolerance[] = [];
  for (const attack of Object.keys(result.attacks)) {
    const { figure } = attackOf(attack, setting);
    if (figure?.kind !== 'survival') continue;
    const { extent, limits } = figure;
    const count = Math.min(examples, MOST_FRAGILE);
    const { classes, fragile } = await tallySurvival(journal.records(), { attack, extent, limits }, count);
    // What the attack ended with is the smallest.
    const { source, warp, encode } = sources;
    const drawn = await drawExamples({ source, warp, encode }, attack, fragile);
    tolerances.push({ attack, extent, classes, fragile: drawn.map((one) => ({ ...one, kind: 'smallest' })) });
  }
  return tolerances;
}

/** Images that are searched and drawn together: a report holds no more of them at once. */
const TOGETHER = 32;

/**
 * Images beside what fools them, as pictures: the smallest transformation where that can be searched for and is found,
 * else what the attack ended with.
 */
export async function drawExamples(
  {
    source,
    warp,
    warps,
    encode,
    findSmallest,
  }: Pick<ReportSources, 'source' | 'warp' | 'warps' | 'encode' | 'findSmallest'>,
  attack: string,
  chosen: readonly PlacedRecord[],
  draw?: FrameDrawer,
): Promise<Example[]> {
  const examples: Example[] = [];
  for (let start = 0; start < chosen.length; start += TOGETHER) {
    const found: { readonly image: LabelledImage; readonly record: ImageRecord }[] = [];
    for (const { position, record } of chosen.slice(start, start + TOGETHER)) {
      const image = await findImage(source, record.index, position);
      if (image !== undefined) found.push({ image, record });
    }
    const targets = found.map(({ image }): Target => ({ ...image, shape: source.shape }));
    const smallest = await findSmallest?.(attack, targets);
    const pairs = found.map(({ image, record }): ShownImage & { readonly record: ImageRecord } => {
      const { worst, predicted, loss } = record.attacks[attack];
      const at = { kind: 'found', transformation: fromTuple(worst), predicted, loss } as const;
      return { image, record, shown: smallest?.get(image.index) ?? at };
    });
    const frames = await draw?.(attack, pairs);
    for (const [i, { image, record, shown }] of pairs.entries()) {
      const transformed = new Float32Array(imageSize(source.shape));
      (warps?.get(attack) ?? warp).apply(image.pixels, shown.transformation, transformed);
      const { index, file, label, prediction } = record;
      examples.push({
        ...shown,
        index,
        ...(file === undefined ? {} : { file }),
        label,
        prediction,
        attack,
        original: await encode(image.pixels, source.shape),
        transformed: await encode(transformed, source.shape),
        ...(frames?.[i] === undefined ? {} : { frames: frames[i] }),
      });
    }
  }
  return examples;
}

/**
 * A record's place in the run is its image's place in the source, or earlier by the unreadable images that were left
 * out.
 */
export async function findImage(source: ImageSource, index: number, from: number): Promise<LabelledImage | undefined> {
  for (let position = from; position < source.length; position++) {
    const [image] = await source.read([position]);
    if (image?.index === index) return image;
  }
  return undefined;
}

/** Whether an attack follows the gradient through all of the box. */
function isClimb({ figure, subset = 'full' }: AttackFacts): boolean {
  return figure?.kind === 'path' && subset === 'full';
}

/**
 * Where a first-order attack ran, images that it does not fool come first: they show why. Then those whose worst
 * transformation lies nearest to the slice that a landscape shows, without a vertical shift.
 */
async function measureLandscapes(
  { landscapes, source, result, setting }: ReportSources,
  attack: string,
  chosen: readonly PlacedRecord[],
): Promise<Landscape[]> {
  if (landscapes === undefined) return [];
  const climbs = Object.keys(result.attacks).find((name) => isClimb(attackOf(name, setting)));
  const missed = ({ record }: PlacedRecord): number =>
    Number(climbs !== undefined && (record.attacks[climbs]?.robust ?? false));
  const besideSlice = ({ record }: PlacedRecord): number => Math.abs(fromTuple(record.attacks[attack].worst).ty);
  const measured: Landscape[] = [];
  for (const { position, record } of chosen
    .toSorted((a, b) => missed(b) - missed(a) || besideSlice(a) - besideSlice(b))
    .slice(0, landscapes.count)) {
    const image = await findImage(source, record.index, position);
    const landscape = image && (await landscapes.measure(image));
    if (landscape !== undefined) measured.push(landscape);
  }
  return measured;
}
