import { warpSettings } from '../../options/attack-settings.ts';
import type { DataOptions } from '../../options/data-options.ts';
import { evaluateSchema, type EvaluateOptions } from '../../options/evaluate-options.ts';
import type { FeedingOptions } from '../../options/feeding-options.ts';
import { createBox, type TranslationLimit } from '../../sets/box.ts';
import { openImages, openModel } from '../evaluate/inputs.ts';
import type { Platform } from '../platform.ts';
import type { Catalogue } from './catalogue.ts';
import type { Exhibit, ExhibitFile } from './exhibit.ts';
import { offerImages, type OfferedImages } from './image-files.ts';
import { namedModel, type OfferedModel, shippedModels } from './model-files.ts';

/** Images of `--data` that are shown unless `--limit` says otherwise: evenly spaced over the data set. */
const USUAL_LIMIT = 100;

export type ViewRequest = FeedingOptions &
  Omit<DataOptions, 'data'> &
  Partial<Pick<EvaluateOptions, 'padding' | 'convention' | 'interpolation' | 'mask'>> & {
    readonly models: readonly string[];
    readonly data?: string;
    readonly rotation?: number;
    readonly translation?: TranslationLimit;
  };

/**
 * Models and images for the page: those that the user named, then what comes with the package.
 * @param built the catalogue that the page was built with
 * @throws misuse for whatever is wrong with models or data
 */
export async function showModels(
  platform: Platform,
  built: Catalogue,
  request: ViewRequest,
  signal?: AbortSignal,
): Promise<Exhibit> {
  const { layout, size, output, labelOffset, scale, mean, std, perImageStandardization, bgr } = request;
  const hints = { layout, size, output, labelOffset, scale, mean, std, perImageStandardization, bgr };
  const named = apart(await Promise.all(request.models.map((given, i) => namedModel(platform, given, hints, i))));
  const shipped = await shippedModels(platform);
  const names = new Set(named.map(({ model }) => model.name));
  const offered = [...named, ...shipped.filter(({ model }) => !names.has(model.name))];
  const data = await openData(platform, request, request.models[0] ?? built.shown[0], signal);
  const { padding = 'zeros', convention = 'gimbal', interpolation, mask } = request;
  return {
    catalogue: {
      models: offered.map(({ model: { hints: said, ...model } }) => ({
        about: built.models.find(({ name }) => name === model.name)?.about,
        ...model,
        ...(said === undefined ? {} : { hints: said as Record<string, unknown> }),
      })),
      shown: named.length > 0 ? named.slice(0, 2).map(({ model }) => model.name) : built.shown,
      pictures: data === undefined ? built.pictures : [...data.pictures],
      classNames: data?.classNames,
      warp: warpSettings({ padding, convention, interpolation, mask }),
      box: data?.box,
    },
    files: new Map<string, ExhibitFile>([
      ...offered.map(({ model: { url }, file }) => [url, file] as const),
      ...(data?.files ?? []),
    ]),
    close: async () => data?.close(),
  };
}

/** Models of one name are told apart by their places. */
function apart(named: readonly OfferedModel[]): OfferedModel[] {
  return named.map(({ model, file }, i) => {
    const before = named.slice(0, i).filter((other) => other.model.name === model.name).length;
    return { file, model: before === 0 ? model : { ...model, name: `${model.name} (${before + 1})` } };
  });
}

interface OpenData extends OfferedImages {
  readonly classNames?: string[];
  readonly box?: Catalogue['box'];
  close(): Promise<void>;
}

/** The images of `--data`, fitted to the first model as `gimbal evaluate` fits them. */
async function openData(
  platform: Platform,
  { models: _, data, rotation, translation, limit, spread, ...rest }: ViewRequest,
  model: string,
  signal: AbortSignal | undefined,
): Promise<OpenData | undefined> {
  if (data === undefined) return undefined;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const options: EvaluateOptions = {
    ...evaluateSchema.parse({ model, data }),
    ...given,
    limit: limit ?? USUAL_LIMIT,
    spread: spread ?? (limit === undefined ? true : undefined),
  };
  const opened = await openModel(platform, options, signal);
  const { source } = await openImages(platform, options, opened, { signal });
  try {
    const positions = Array.from({ length: source.length }, (_, position) => position);
    const known = await Promise.all(
      positions.map(async (position) => {
        // Labels alone are wanted; pixels are let go again.
        const [image] = await source.read([position]);
        return image === undefined
          ? []
          : [[position, { index: image.index, label: image.label, file: image.file }] as const];
      }),
    );
    return {
      ...offerImages(platform, source, known.flat()),
      classNames: source.classNames === undefined ? undefined : [...source.classNames],
      box: createBox(source.shape, rotation ?? options.rotation, translation),
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}
