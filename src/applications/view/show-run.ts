import { factsByName } from '../../attacks/kept-facts.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { warpSettings } from '../../options/attack-settings.ts';
import { evaluateSchema } from '../../options/evaluate-options.ts';
import { resolvedOptions } from '../../options/read-options.ts';
import { misuse } from '../../errors/error.ts';
import { writeModel } from '../../onnx/write.ts';
import { openImages, openModel } from '../evaluate/inputs.ts';
import { readRunConfig, type RunConfig } from '../evaluate/run-files.ts';
import type { Platform } from '../platform.ts';
import type { Catalogue } from './catalogue.ts';
import { BYTES, type Exhibit, type ExhibitFile } from './exhibit.ts';
import { offerImages } from './image-files.ts';
import { namedModel, shippedModels } from './model-files.ts';
import { formatCount } from '../../notation/numbers.ts';

/** Images of a run that a page lists. */
const MOST_IMAGES = 20_000;

/**
 * The images of a run with what was found of them, and its model.
 * @param beside a model to set beside that of the run
 * @throws misuse `not-a-run-folder`, `run-folder-damaged`, `run-changed`, and for whatever is wrong with model or data
 */
export async function showRun(
  platform: Platform,
  folder: string,
  beside?: string,
  signal?: AbortSignal,
): Promise<Exhibit> {
  const config = await readRunConfig(platform.files, folder);
  // Attacks of a user's own are no options; what they found is in the records.
  const { shard: _, out: __, attacks: ___, ...given } = config.options;
  const options = resolvedOptions(evaluateSchema, { values: given, describe: (name) => `option ${name} of the run` });
  const opened = await openModel(platform, options, signal);
  requireSame(folder, config, 'model', 'sha256', opened.sha256);
  const { source } = await openImages(platform, options, opened, { signal, goesOn: true });
  try {
    requireSame(folder, config, 'data', 'fingerprint', source.fingerprint);
    const records: ImageRecord[] = [];
    for await (const record of platform.runs.records(folder)) if (records.push(record) === MOST_IMAGES) break;
    const byIndex = new Map(
      Array.from({ length: source.length }, (_, position) => [source.indexAt?.(position) ?? position, position]),
    );
    const images = offerImages(
      platform,
      source,
      records.flatMap((record) => {
        const position = byIndex.get(record.index);
        return position === undefined ? [] : [[position, knownOf(record)] as const];
      }),
    );
    const { hints } = opened.prepared;
    const named = await namedModel(platform, options.model, hints, 0);
    // Of a mirrored model the file alone would give other scores.
    const file = options.mirror
      ? { type: BYTES, read: () => Promise.resolve(writeModel(opened.prepared.model)) }
      : named.file;
    const other = beside === undefined ? [] : [await namedModel(platform, beside, {}, 1)];
    const taken = [named, ...other].map(({ model }) => model.name);
    const others = [...other, ...(await shippedModels(platform)).filter(({ model }) => !taken.includes(model.name))];
    const catalogue: Catalogue = {
      models: [named, ...others].map(({ model }) => ({
        ...model,
        hints: model.hints as Record<string, unknown> | undefined,
      })),
      shown: [...new Set(taken)],
      pictures: [...images.pictures],
      classNames: source.classNames === undefined ? undefined : [...source.classNames],
      warp: warpSettings(options),
      box: config.box,
      run: {
        name: `${opened.name} on ${source.name}, ${formatCount(records.length)} images`,
        ...attacksOf(config, records),
      },
    };
    return {
      catalogue,
      files: new Map<string, ExhibitFile>([
        [named.model.url, file],
        ...others.map(({ model: { url }, file: shipped }) => [url, shipped] as const),
        ...images.files,
      ]),
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

function knownOf({ index, label, file, attacks }: ImageRecord) {
  return {
    index,
    label,
    file,
    attacks: Object.fromEntries(
      Object.entries(attacks).map(([attack, { robust, worst, loss, predicted, breakingPoint }]) => [
        attack,
        { robust, worst: [...worst] as [number, number, number], loss, predicted, breakingPoint },
      ]),
    ),
  };
}

/** The attacks that the stage can show, which leaves pixels as they are, and what it does not show. */
function attacksOf({ vote, ownAttacks }: RunConfig, records: readonly ImageRecord[]) {
  const known = Object.keys(records[0]?.attacks ?? {}).map((name) => ({
    name,
    changes: factsByName(name, ownAttacks)?.changes,
  }));
  const named = (...changes: readonly (string | undefined)[]): string[] =>
    known.flatMap((attack) => (changes.includes(attack.changes) ? [attack.name] : []));
  const noisy = named('pixels', 'view and pixels');
  const unknown = named(undefined);
  return {
    attacks: named('nothing', 'view'),
    notes: [
      ...(vote === undefined
        ? []
        : ['The run evaluated a majority vote; the stage shows the model itself, whose verdicts may be others.']),
      ...(noisy.length === 0 ? [] : [`Not shown, as they change pixels: ${noisy.join(', ')}.`]),
      ...(unknown.length === 0 ? [] : [`Not shown, as the run does not say what they change: ${unknown.join(', ')}.`]),
    ],
  };
}

/** What the stage shows must be what was measured. */
function requireSame(folder: string, config: RunConfig, part: 'model' | 'data', key: string, now: string): void {
  const { name, [key]: then } = config[part];
  if (then === now) return;
  throw misuse({
    code: 'run-changed',
    subject: folder,
    problem:
      `was measured ${part === 'model' ? 'of' : 'on'} another ${name} than there is now: its ${part} changed ` +
      'since.',
    advice: 'Evaluate it anew, or put the former file back.',
  });
}
