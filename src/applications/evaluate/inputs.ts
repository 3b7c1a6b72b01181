import { describeMissingClasses, type Selection, selectImages, selectionLength } from '../../data/selection.ts';
import { parseShard } from '../../data/shard.ts';
import type { ImageSource } from '../../data/source.ts';
import { refuseFaults } from '../../data/unreadable.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { ImageShape } from '../../image/image.ts';
import { fitClasses } from '../../evaluation/fit-classes.ts';
import { mirrorModel } from '../../model/mirror.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { writeModelFile } from '../../onnx/write-file.ts';
import type { EvaluationEvent } from './evaluation-event.ts';
import { classAnswers, classesOfModel, knownClasses } from './class-answers.ts';
import { notHeldOut, trainedOn } from './held-out.ts';
import { reading } from './reading.ts';
import { selectionOf } from './selection.ts';
import type { RunShard } from './shard.ts';
import type { LoadedModel, Platform } from '../platform.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';

/** The model of a run. */
export interface OpenModel extends LoadedModel {
  /** Name of the file. */
  readonly name: string;
}

export async function openModel(
  { models, files }: Platform,
  options: EvaluateOptions,
  signal: AbortSignal | undefined,
): Promise<OpenModel> {
  const { layout, size, output, labelOffset, scale, mean, std, perImageStandardization, bgr } = options;
  const path = await models.locate(options.model);
  const { prepared, sha256 } = await models.load(
    path,
    { layout, size, output, labelOffset, scale, mean, std, perImageStandardization, bgr },
    // A mirrored model answers with the mean of the scores that its file gives, as an exported one does.
    { batch: options.batch, keepScores: options.mirror, signal },
  );
  return {
    prepared: options.mirror ? mirrored(prepared, path) : prepared,
    name: files.nameOf(path),
    sha256,
  };
}

function mirrored(prepared: PreparedModel, path: string): PreparedModel {
  const { model, description } = mirrorModel(prepared.model, prepared.description, path);
  return {
    ...prepared,
    bytes: writeModelFile(model),
    model,
    description,
    notes: [...prepared.notes, 'The scores are the mean over an image and its mirror image.'],
  };
}

/** What may be of use while images are opened, which can mean that they are downloaded first. */
export interface OpenImagesHooks {
  readonly onEvent?: (event: EvaluationEvent) => void;
  readonly signal?: AbortSignal;
  /** The images have no labels: folders are no classes, and no label is set against the model. */
  readonly unlabelled?: boolean;
  /** Puts another source in the place of the one that was opened: the same images under other labels, say. */
  readonly withSource?: (source: ImageSource) => Promise<ImageSource>;
  /** Of the images that options choose, take only these positions in the data set. */
  readonly only?: ReadonlySet<number>;
  /** Images of a shape that the run works through together: what a shard consists of. */
  readonly imagesPerGroup?: (shape: ImageShape) => number;
  /** An image that turns out to be unreadable when its turn comes is left out, and named at the end. */
  readonly goesOn?: boolean;
}

/** The images of a run. */
export interface OpenImages {
  /** Close it when done. */
  readonly source: ImageSource;
  /** What to beware of about the choice of images, a sentence each. */
  readonly warnings: readonly string[];
  /** Of a run that is a shard. */
  readonly shard?: RunShard;
}

export async function openImages(
  { images, files }: Platform,
  options: EvaluateOptions,
  { prepared, name }: OpenModel,
  { onEvent, signal, unlabelled, withSource, only, goesOn, imagesPerGroup = () => 1 }: OpenImagesHooks,
): Promise<OpenImages> {
  const { hints, description } = prepared;
  const answers = await classAnswers(files, options);
  const opened = await images.open(options.data, {
    ...reading(options),
    skipUnreadable: options.skipUnreadable || goesOn,
    shape: description.input.shape,
    knownClasses: knownClasses(answers),
    resize: options.resize ?? hints.resize,
    crop: options.crop ?? squareSide(hints.crop),
    unlabelled,
    signal,
    onProgress: (progress) => onEvent?.({ kind: 'download', progress }),
  });
  try {
    const fitted = unlabelled ? opened : fitClasses(opened, classesOfModel(prepared, name), answers);
    const source = (await withSource?.(fitted)) ?? fitted;
    const selection = withoutSeen(await selectionOf(files, options), prepared, source, options.heldOut);
    const missing = describeMissingClasses(source, selection);
    const shard = shardOfRun(options, source, selection, imagesPerGroup(source.shape));
    const selected = selectImages(source, { ...selection, shard, only });
    if (!options.skipUnreadable) refuseFaults(selected);
    const seen = options.heldOut ? undefined : trainedOn(prepared.model, [source, selected]);
    const warnings = [missing, seen].flatMap((one) => one ?? []);
    return { source: selected, warnings, shard };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** @param heldOut whether only images count that the model's training kept apart */
function withoutSeen(
  selection: Selection,
  { model }: PreparedModel,
  source: ImageSource,
  heldOut: boolean | undefined,
): Selection {
  if (heldOut !== true) return selection;
  const { exclude = [] } = selection;
  const seen = notHeldOut(model, [source, selectImages(source, { exclude })]);
  return { ...selection, exclude: [...new Set([...exclude, ...seen])].toSorted((a, b) => a - b) };
}

function shardOfRun(
  { shard }: EvaluateOptions,
  source: ImageSource,
  selection: Selection,
  group: number,
): RunShard | undefined {
  const named = shard === undefined ? undefined : parseShard(shard);
  if (named === undefined) return undefined;
  return { ...named, group, images: selectionLength(source, selection) };
}

function squareSide(crop: PreparedModel['hints']['crop']): number | undefined {
  if (crop !== undefined && crop.height !== crop.width) {
    throw misuse({
      code: 'crop-not-square',
      subject: "the model's hint crop",
      problem: `is ${crop.height}x${crop.width}; only squares are cut.`,
      advice: `Use ${optionWords('resize', 'HxW')}.`,
    });
  }
  return crop?.height;
}
