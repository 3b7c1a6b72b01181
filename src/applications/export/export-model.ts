import { z } from 'zod';
import { GimbalError, misuse } from '../../errors/error.ts';
import { optionWords, wordsOfAll } from '../../errors/option-words.ts';
import { MODEL_FILE } from '../train/training-files.ts';
import { parseBySchema } from '../../json/by-schema.ts';
import type { ImageShape } from '../../image/image.ts';
import { ENSEMBLE_METADATA } from '../../model/ensemble.ts';
import { MIRROR_METADATA, mirrorModel } from '../../model/mirror.ts';
import { namingFile } from '../../model/naming-file.ts';
import { declaredFeeding, prepareWhole } from '../../model/prepare.ts';
import { hintsFromMetadata, mergeHints, type ModelHints } from '../../model/sidecar.ts';
import { preprocessingOptions } from '../../model/usual-preprocessing.ts';
import { PREPROCESSING_METADATA, takesRawPixels, withPreprocessing } from '../../model/with-preprocessing.ts';
import type { Model } from '../../onnx/graph.ts';
import { readModel } from '../../onnx/read.ts';
import { writeModel } from '../../onnx/write.ts';
import { writeModelFile } from '../../onnx/write-file.ts';
import { type ExportOptions, exportSchema } from '../../options/export-options.ts';
import { optionsOf, type RequestOf } from '../../options/request.ts';
import { type Box, createBox, type TranslationLimit } from '../../sets/box.ts';
import { ALIGN_METADATA, alignedModel } from '../../training/export/aligned-model.ts';
import { METADATA } from '../../training/export/inference-model.ts';
import type { DescribedModel } from '../../training/export/votable.ts';
import { VOTE_METADATA, votedModel } from '../../training/export/voted-model.ts';
import type { Platform } from '../platform.ts';
import { meanOver } from './mean-over.ts';
import { withHints } from './with-hints.ts';

/** Degrees, for models that do not tell what they were trained with. */
const ROTATION = 30;

/** Degrees of the copies that are turned furthest: those that were measured (docs/cifar10.md). */
const ALIGNED_ROTATION = 24;

/**
 * A vote over the whole box turns what the adversary turned already out of what was trained on: narrow votes kept more
 * under the grid wherever both were measured (docs/cifar10.md, docs/measurements.md).
 */
const NARROWER = 3;

/** The file that was written, and what is in it. */
export interface ExportedModel {
  /** The file that was written, as `out` names it. */
  readonly file: string;
  /** What was built in, in words. */
  readonly facts: readonly string[];
}

/** The options of `gimbal export` by the names of their flags; docs/command-options.md explains them. */
export type ExportRequest = RequestOf<ExportOptions, 'model' | 'out'>;

/** As `exportModel`, of options by the names of their flags. @throws also for options that are at fault */
export function exportModelOn(platform: Platform, request: ExportRequest): Promise<ExportedModel> {
  return exportModel(platform, optionsOf(exportSchema, request));
}

/**
 * What `gimbal export` does, on any platform: writes a model, which a run folder, a path or a name tells, with its
 * preprocessing, other models, mirroring, turned copies or a majority vote built in.
 * @throws misuse where the model cannot be had so, or the file is not to be written
 */
export async function exportModel(platform: Platform, options: ExportOptions): Promise<ExportedModel> {
  const { files, folders, models } = platform;
  const { mirror = false, align, vote, out } = options;
  const file = await fileOf(platform, options.model);
  const others = await Promise.all((options.with ?? []).map((other) => fileOf(platform, other)));
  const target = await folders.claimFile(out, {
    inputs: [file, ...others].map((path) => ({ what: 'the model', path })),
    isOurs: (there) => wasExported(platform, there),
    what: 'a model that gimbal export wrote',
  });
  const fed: Fed =
    others.length === 0
      ? fedRaw((await models.read(file, readModel)).read, file, await models.hints(file), options)
      : await meanOver(platform, [file, ...others], options);
  if (!mirror && align === undefined && vote === undefined) {
    await files.write(target, writeModel(fed.model));
    return { file: out, facts: fed.facts };
  }
  const copies = align !== undefined || vote !== undefined;
  const found = await described(platform, fed, file, copies);
  const facts = [...fed.facts, ...found.facts];
  let read: DescribedModel = found;
  if (mirror) {
    read = mirrorModel(read.model, read.description, file);
    facts.push('the mean over an image and its mirror image');
  }
  let { model } = read;
  if (align !== undefined) {
    const { rotation = ALIGNED_ROTATION } = options;
    model = alignedModel(read, file, align, rotation);
    facts.push(`the surest answer to ${align} copies turned by −${short(rotation)}° to ${short(rotation)}°`);
  } else if (vote !== undefined) {
    const { voted, box } = withVote(read, file, vote, options);
    model = voted;
    facts.push(
      `${vote} votes over rotations up to ${short(box.angle)}° and shifts up to ${short(box.tx)} × ${short(box.ty)} px`,
    );
  }
  if (copies && !tellsFeeding(fed)) facts.push(taken());
  await files.write(target, writeModel(model));
  return { file: out, facts };
}

/** Whether anything says what pixels a model takes: those that Gimbal wrote take raw ones. */
function tellsFeeding({ model, saysHow = true }: Fed): boolean {
  return (
    saysHow || [METADATA.settings, PREPROCESSING_METADATA, ENSEMBLE_METADATA].some((key) => model.metadata.has(key))
  );
}

/** Copies are turned with a border of zeros, which is black only where pixels come as they are. */
function taken(): string {
  const otherwise = `${wordsOfAll({ mean: 'M', std: 'S' })} or ${optionWords('scale')}`;
  return `it is taken to want raw pixels in [0, 1], with black as 0: if it does not, give ${otherwise}`;
}

/** The model's file, of a run folder, a path or a name. */
async function fileOf({ files, models }: Platform, given: string): Promise<string> {
  const path = await models.locate(given);
  return (await files.kindOf(path)) === 'folder' ? files.join(path, MODEL_FILE) : path;
}

/** A model of raw pixels, and what makes it one. */
interface Fed {
  readonly model: Model;
  readonly facts: readonly string[];
  /** How to read it, beside what its metadata tell. */
  readonly reading: ModelHints;
  /** Whether options or metadata say how it is fed. */
  readonly saysHow?: boolean;
}

/**
 * The model with its preprocessing in the graph, as flags, the sidecar file and the metadata say it: what is built in
 * after that, a vote with a black border say, is of raw pixels. One that takes these is left as it is.
 */
function fedRaw(model: Model, file: string, sidecar: ModelHints, options: ExportOptions): Fed {
  const { layout, size, scale, mean, std, perImageStandardization, bgr, output, labelOffset } = options;
  const given = { layout, size, scale, mean, std, perImageStandardization, bgr, output, labelOffset };
  const hints = mergeHints(sidecar, given);
  const said = { ...hintsFromMetadata(model.metadata), ...hints } as Record<string, unknown>;
  const saysHow = ['layout', 'scale', 'mean', 'std', 'perImageStandardization', 'bgr'].some(
    (key) => said[key] !== undefined,
  );
  const kept = withHints(model, hints);
  if (!saysHow) return { model: kept, facts: [], reading: hints, saysHow };
  const feeding = declaredFeeding(model, hints);
  if (takesRawPixels(feeding.description, feeding.preprocessing)) return { model: kept, facts: [], reading: hints };
  const raw = withPreprocessing(withHints(feeding.model, hints), feeding.description, feeding.preprocessing, file);
  const built = wordsOfAll(preprocessingOptions(feeding.preprocessing, feeding.description.input));
  return {
    model: raw.model,
    facts: [`takes raw pixels, with ${built || 'its layout'} built in`],
    reading: { output: raw.description.output.name },
  };
}

/** Whether a file is a model into which preprocessing, others, turned copies, a vote or mirroring was built. */
async function wasExported({ models }: Platform, path: string): Promise<boolean> {
  try {
    const { read } = await models.read(path, readModel);
    return [ALIGN_METADATA, VOTE_METADATA, MIRROR_METADATA, PREPROCESSING_METADATA, ENSEMBLE_METADATA].some((key) =>
      read.metadata.has(key),
    );
  } catch (error) {
    if (error instanceof GimbalError) return false;
    throw error;
  }
}

/**
 * The classifier as a run shows that it is fed and read; with a free batch, where that gives the same scores.
 * @param raw whether it is to take raw pixels, N×C×H×W
 * @throws misuse as `prepareModel`, and `batch-not-free`
 */
async function described(
  { runtime }: Platform,
  { model, reading }: Fed,
  file: string,
  raw: boolean,
): Promise<DescribedModel & { readonly facts: readonly string[] }> {
  const prepared = await namingFile(file, () =>
    prepareWhole(runtime, { model, bytes: writeModelFile(model) }, reading),
  );
  const { description, preprocessing, warnings } = prepared;
  const { batch, type, dims } = description.input;
  if (batch !== 'free') {
    throw misuse({
      code: 'batch-not-free',
      subject: file,
      problem:
        `runs ${batch === 1 ? 'one image' : `${batch} images`} at a time, and copies of an image run together: they ` +
        'would change its answer, or cannot be run at all.',
      advice:
        'Export the model with a free batch, in inference mode. One that is quantised dynamically has no such form: ' +
        'take the model that it was quantised from.',
    });
  }
  const freed = prepared.model.graph.inputs[0].shape?.[0] !== model.graph.inputs[0].shape?.[0];
  const facts = [...warnings, ...(freed ? ['takes any number of images at a time'] : [])];
  if (!raw || takesRawPixels(description, preprocessing)) return { model: prepared.model, description, facts };
  const built = withPreprocessing(prepared.model, description, preprocessing, file);
  return {
    model: built.model,
    description: { input: built.description.input, output: description.output },
    facts: [...facts, `takes raw pixels as N×C×H×W in place of ${type} [${['N', ...dims].join(', ')}]`],
  };
}

function withVote(
  read: DescribedModel,
  file: string,
  vote: number,
  { seed, ...given }: ExportOptions,
): ReturnType<typeof votedModel> {
  const trained = trainedLimits(read.model.metadata);
  const boxFor = (shape: ImageShape): Box => {
    const { tx, ty, angle } = createBox(
      shape,
      given.rotation ?? trained?.rotation ?? ROTATION,
      given.translation ?? trained?.translation,
    );
    const shifts = given.translation === undefined ? NARROWER : 1;
    return { tx: tx / shifts, ty: ty / shifts, angle: given.rotation === undefined ? angle / NARROWER : angle };
  };
  return votedModel(read, file, boxFor, vote, seed);
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}

const limits = z.object({ rotation: z.number().min(0).max(180), translation: z.number().min(0) });

function trainedLimits(
  metadata: ReadonlyMap<string, string>,
): { rotation: number; translation: TranslationLimit } | undefined {
  const text = metadata.get(METADATA.settings);
  if (text === undefined) return undefined;
  const { rotation, translation } = parseBySchema(text, limits, {
    code: 'model-hints',
    subject: `the model's metadata '${METADATA.settings}'`,
    advice: 'Take the model.onnx that gimbal train wrote.',
  });
  return { rotation, translation: { unit: 'px', value: translation } };
}
