import { z } from 'zod';
import { parseBySchema } from '../json/by-schema.ts';
import { LAYOUTS, type ModelOverrides } from './description.ts';
import { SCALES, type Preprocessing } from './preprocessing.ts';

const size = z.union([
  z
    .int()
    .positive()
    .transform((side) => ({ height: side, width: side })),
  z
    .string()
    .regex(/^\d+(x\d+){0,2}$/, 'a side, HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH')
    .transform((text) => {
      const numbers = text.split('x').map(Number);
      const [height, width = height] = numbers.slice(-2);
      return numbers.length === 3 ? { channels: numbers[0], height, width } : { height, width };
    }),
]);
/** A list, or a dictionary from the numbers of classes. */
const classNames = z.union([
  z.array(z.string().min(1)).min(2),
  z.record(z.string().regex(/^\d+$/, 'the number of a class'), z.string().min(1)).transform((byNumber, context) => {
    const names = Object.keys(byNumber).map((_, label) => byNumber[label]);
    if (names.includes(undefined as never))
      context.addIssue({ code: 'custom', message: 'the numbers of classes run from 0 up without a gap' });
    return names;
  }),
]);
const perChannel = z.union([z.number().transform((v) => [v]), z.array(z.number()).min(1)]);

/**
 * What a model's author says about feeding it, under the names of the command's flags: in `MODEL.json` beside
 * `MODEL.onnx`, or as JSON under the key `gimbal` of the model's metadata. Flags override the file, the file the
 * metadata.
 */
const sidecarSchema = z
  .strictObject({
    layout: z.enum([...LAYOUTS, 'flat']),
    size: size,
    output: z.string(),
    'label-offset': z.int().nonnegative(),
    scale: z.preprocess(
      (given) =>
        Array.isArray(given) ? given.join() : typeof given === 'string' ? given.replace(/[[\]\s]/g, '') : given,
      z.enum(SCALES),
    ),
    mean: perChannel,
    std: perChannel,
    'per-image-standardization': z.boolean(),
    bgr: z.boolean(),
    resize: z.union([
      z.int().positive(),
      z
        .string()
        .regex(/^\d+x\d+$/, 'a side or HEIGHTxWIDTH')
        .transform((text) => {
          const [height, width] = text.split('x').map(Number);
          return { height, width };
        }),
    ]),
    crop: size,
    'class-names': classNames,
  })
  .partial();

/** Everything that can be said about feeding a model and that its graph does not tell. */
export type ModelHints = ModelOverrides &
  Partial<Preprocessing> & {
    /** Short side, or both sides, that image files are scaled to, and the centre that is cut out of them. */
    readonly resize?: number | { readonly height: number; readonly width: number };
    readonly crop?: { readonly height: number; readonly width: number };
    /** Names of all classes in the order of the model. */
    readonly classNames?: readonly string[];
  };

const IN_METADATA = {
  subject: "the model's metadata 'gimbal'",
  code: 'model-hints',
  advice: `Correct it, or move it away. It may hold: ${Object.keys(sidecarSchema.shape).join(', ')}.`,
};

/**
 * @param text JSON
 * @param subject how messages name its place
 * @throws misuse `model-hints` for anything but an object of known keys with fitting values
 */
export function parseSidecar(text: string, subject: string): ModelHints {
  const read = parseBySchema(text, sidecarSchema, { ...IN_METADATA, subject });
  const {
    'label-offset': labelOffset,
    'per-image-standardization': perImageStandardization,
    'class-names': classNames,
    ...same
  } = read;
  return defined({ ...same, labelOffset, perImageStandardization, classNames });
}

/**
 * What a model's metadata says: the key `gimbal`, and before it the keys that ONNX itself defines for images
 * (`Image.BitmapPixelFormat`, `Image.NominalPixelRange`: github.com/onnx/onnx/blob/main/docs/MetadataProps.md).
 */
export function hintsFromMetadata(metadata: ReadonlyMap<string, string>): ModelHints {
  const range = metadata.get('Image.NominalPixelRange');
  const scale = { NominalRange_0_255: '0,255', Normalized_0_1: '0,1', Normalized_1_1: '-1,1' }[range ?? ''] as
    Preprocessing['scale'] | undefined;
  const bgr = metadata.get('Image.BitmapPixelFormat')?.startsWith('Bgr') ? true : undefined;
  const own = metadata.get('gimbal');
  return mergeHints(defined({ scale, bgr }), own === undefined ? {} : parseSidecar(own, IN_METADATA.subject));
}

/**
 * The hints in a model's metadata as they stand there, by the names of the flags.
 * @throws misuse `model-hints`
 */
export function hintsAsWritten(metadata: ReadonlyMap<string, string>): Record<string, unknown> {
  const own = metadata.get('gimbal');
  return own === undefined ? {} : parseBySchema(own, z.record(z.string(), z.unknown()), IN_METADATA);
}

/** A size as hints spell it. */
export function sizeHint(size: number | { readonly height: number; readonly width: number }): number | string {
  return typeof size === 'number' ? size : `${size.height}x${size.width}`;
}

/** Later hints override earlier ones, key by key. */
export function mergeHints(...all: readonly ModelHints[]): ModelHints {
  return Object.assign({}, ...all.map(defined)) as ModelHints;
}

function defined(hints: ModelHints): ModelHints {
  return Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== undefined));
}
