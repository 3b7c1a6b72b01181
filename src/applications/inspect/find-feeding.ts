import type { GeometryOptions } from '../../data/geometry.ts';
import { selectImages } from '../../data/selection.ts';
import type { ImageSource } from '../../data/source.ts';
import { GimbalError } from '../../errors/error.ts';
import type { OptionValue } from '../../errors/option-words.ts';
import { fitClasses } from '../../evaluation/fit-classes.ts';
import { byLikelihood, type FeedingTrial, tryFeedings } from '../../model/try-feedings.ts';
import type { ImageShape, LabelledImage } from '../../image/image.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { preprocessingOptions, usualPreprocessing } from '../../model/usual-preprocessing.ts';
import { withSession } from '../../model/with-session.ts';
import type { DataOptions } from '../../options/data-options.ts';
import { classAnswers, classesOfModel, knownClasses } from '../evaluate/class-answers.ts';
import { reading } from '../evaluate/reading.ts';
import { selectionOf } from '../evaluate/selection.ts';
import type { Platform } from '../platform.ts';

/** One way of feeding a model, in options, and what came of it. */
export interface FoundFeeding {
  /** Those of `evaluate`, by name; empty where none is needed. */
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly n: number;
  /** Images that are right. */
  readonly correct: number;
  /** Mean cross-entropy. */
  readonly loss: number;
}

/** What came of feeding a model in the usual ways. */
export interface FeedingSearch {
  /** Name of the data. */
  readonly data: string;
  readonly n: number;
  /** As `gimbal evaluate` feeds it now. */
  readonly now: FoundFeeding;
  /** All that were tried, the likeliest first. */
  readonly found: readonly FoundFeeding[];
}

/** Images that are tried where `--limit` says nothing. */
const IMAGES = 50;

/**
 * Tries the usual ways of feeding a model on a few images: scales, means, deviations and orders of channels with every
 * label offset, then the ways of bringing images to size with the likeliest of these.
 *
 * @param labelOffset as the user gives it; else 0, 1 and −1 are tried
 * @throws misuse as opening the data does
 */
export async function findFeeding(
  platform: Platform,
  prepared: PreparedModel,
  name: string,
  options: DataOptions,
  labelOffset?: number,
): Promise<FeedingSearch> {
  const { description, preprocessing } = prepared;
  const { input } = description;
  const offsets = labelOffset === undefined ? [...new Set([description.output.labelOffset, 0, 1, -1])] : [labelOffset];
  const opened = await openWays(platform, prepared, options);
  try {
    return await withSession(platform.runtime, prepared.bytes, async (session) => {
      const [first, ...others] = opened.ways;
      const images = await readImages(platform, prepared, name, options, await first.source());
      const ways = [preprocessing, ...usualPreprocessing(input).filter((way) => !isSame(way, preprocessing))];
      const told = (trial: FeedingTrial, geometry: GeometryOptions): FoundFeeding => ({
        options: {
          ...geometryOptions(geometry, options),
          ...preprocessingOptions(trial.preprocessing, input),
          ...offsetOptions(trial.labelOffset),
        },
        n: trial.n,
        correct: trial.correct,
        loss: trial.loss,
      });
      const trials = await tryFeedings(session, description, images.read, ways, offsets);
      const [now] = trials;
      const [best] = trials.toSorted(byLikelihood);
      const all = trials.map((trial) => ({ trial, geometry: first.geometry }));
      for (const { geometry, source } of others) {
        const { read } = await readImages(platform, prepared, name, options, await source());
        const [trial] = await tryFeedings(session, description, read, [best.preprocessing], [best.labelOffset]);
        all.push({ trial, geometry });
      }
      return {
        data: images.data,
        n: images.read.length,
        now: told(now, first.geometry),
        found: all.sort((a, b) => byLikelihood(a.trial, b.trial)).map(({ trial, geometry }) => told(trial, geometry)),
      };
    });
  } finally {
    await opened.close();
  }
}

/** The data, brought to size in one way. */
interface Way {
  readonly geometry: GeometryOptions;
  readonly source: () => Promise<ImageSource>;
}

/**
 * Ways in which images may be brought to size, the usual one first; that of the user, or of the model's hints, alone.
 * What the images lie in is read once, where the source allows that.
 */
async function openWays(
  { files, images }: Platform,
  { description, hints }: PreparedModel,
  options: DataOptions,
): Promise<{ readonly ways: readonly Way[]; close(): Promise<void> }> {
  const { shape } = description.input;
  const answers = await classAnswers(files, options);
  const opened: ImageSource[] = [];
  const open = async (geometry: GeometryOptions): Promise<ImageSource> => {
    const told = { ...reading(options), ...geometry, skipUnreadable: true, shape, knownClasses: knownClasses(answers) };
    const source = opened[0]?.withGeometry?.(geometry) ?? (await images.open(options.data, told));
    opened.push(source);
    return source;
  };
  const close = async (): Promise<void> => {
    for (const source of opened.toReversed()) await source.close();
  };
  const wayOf = (geometry: GeometryOptions): Way => ({ geometry, source: () => open(geometry) });
  const given = givenGeometry(options, hints);
  if (given !== undefined) return { ways: [wayOf(given)], close };
  const usual = usualGeometries(shape);
  // Opened to a size that all images can be brought to, whether they fit as they are shows without reading them again.
  const first = await open(usual[0]).catch(() => undefined);
  try {
    const fitting = await open({});
    return { ways: [{ geometry: {}, source: async () => fitting }], close };
  } catch (error) {
    if (first !== undefined && error instanceof GimbalError && error.issue.code === 'image-shape')
      return { ways: [{ geometry: usual[0], source: async () => first }, ...usual.slice(1).map(wayOf)], close };
    await close();
    throw error;
  }
}

function givenGeometry({ resize, crop }: DataOptions, hints: PreparedModel['hints']): GeometryOptions | undefined {
  if (resize !== undefined || crop !== undefined) return { resize, crop };
  if (hints.resize !== undefined || hints.crop !== undefined) return { resize: hints.resize, crop: hints.crop?.height };
  return undefined;
}

function usualGeometries({ height, width }: ImageShape): GeometryOptions[] {
  if (height !== width) return [{ resize: { height, width } }];
  // The centre of seven eighths, as ImageNet is evaluated; the whole image; the largest square in the middle.
  return [
    { resize: Math.round(height / 0.875), crop: height },
    { resize: { height, width } },
    { resize: height, crop: height },
  ];
}

async function readImages(
  { files }: Platform,
  prepared: PreparedModel,
  name: string,
  options: DataOptions,
  source: ImageSource,
): Promise<{ readonly data: string; readonly read: readonly LabelledImage[] }> {
  const answers = await classAnswers(files, options);
  const numbered = fitted(source, () => {
    // Offsets are what is looked for: nobody is asked about them.
    const model = { ...classesOfModel(prepared, name), labelOffset: 0, offsetGiven: true };
    return fitClasses(source, model, { ...answers, keep: true });
  });
  const selection = { limit: IMAGES, ...defined(await selectionOf(files, options)), spread: true };
  const chosen = selectImages(numbered, selection);
  const read = await chosen.read(Array.from({ length: chosen.length }, (_, position) => position));
  return { data: chosen.name, read };
}

/** Labels as the data have them where they do not fit the model as it is read now. */
function fitted(source: ImageSource, fit: () => ImageSource): ImageSource {
  try {
    return fit();
  } catch (error) {
    if (error instanceof GimbalError) return source;
    throw error;
  }
}

function defined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
}

function geometryOptions({ resize, crop }: GeometryOptions, { resize: given }: DataOptions): FoundFeeding['options'] {
  const size = resize ?? given;
  return {
    ...(size === undefined ? {} : { resize: typeof size === 'number' ? size : `${size.height}x${size.width}` }),
    ...(crop === undefined ? {} : { crop }),
  };
}

function offsetOptions(offset: number): FoundFeeding['options'] {
  return offset === 0 ? {} : offset > 0 ? { 'label-offset': offset } : { 'first-label': -offset };
}
