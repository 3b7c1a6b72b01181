import { z } from 'zod';
import { parseBySchema } from '../../json/by-schema.ts';
import { CONVENTIONS, INTERPOLATIONS, MASKS, PADDINGS } from '../../transform/transformation.ts';
import type { ModelHints } from '../../model/sidecar.ts';

const count = z.int().nonnegative();
const name = z.string().min(1);

const transformation = z.tuple([z.number(), z.number(), z.number()]);

/** What an attack found for an image of a run. */
const found = z.object({
  robust: z.boolean(),
  worst: transformation,
  loss: z.number(),
  predicted: count,
  /** Size of the smallest that fools, where that was looked for. */
  breakingPoint: z.number().nullable().optional(),
});

/** A picture that the page offers. */
const picture = z.object({
  name,
  /** Relative to the page: a picture file, or raw pixels (`pixels`). */
  url: name,
  /** A small picture to choose it by; the picture itself where left out. */
  thumbnail: name.optional(),
  /** Raw pixels in [0, 1], float32, CHW, of the first model's shape, as `gimbal evaluate` has them. */
  pixels: z.boolean().optional(),
  label: count.optional(),
  /** Name of its class: its label is that of the model's class of this name. */
  class: name.optional(),
  /** What a run found, by attack. */
  attacks: z.record(z.string(), found).optional(),
});

const model = z.object({
  name,
  /** Relative to the page. */
  url: name,
  /** One line. */
  about: z.string().optional(),
  /** What is said of it beyond its file. */
  hints: z.record(z.string(), z.unknown()).optional(),
});

/** What a page has to show: the first file that it fetches. */
const catalogueSchema = z.object({
  models: z.array(model),
  /** Names of those that are shown at first: one, or two side by side. */
  shown: z.array(name).max(2),
  pictures: z.array(picture),
  /** Names of the classes, where the data have some. */
  classNames: z.array(z.string()).optional(),
  warp: z
    .object({
      padding: z.enum(PADDINGS),
      convention: z.enum(CONVENTIONS),
      interpolation: z.enum(INTERPOLATIONS).optional(),
      mask: z.enum(MASKS).optional(),
    })
    .optional(),
  /** How far is turned and shifted, in degrees and pixels; default: the paper's. */
  box: z.object({ tx: z.number().min(0), ty: z.number().min(0), angle: z.number().min(0) }).optional(),
  /** Of a run. */
  run: z.object({ name, attacks: z.array(name), notes: z.array(z.string()) }).optional(),
});

export type Catalogue = z.output<typeof catalogueSchema>;
export type CataloguePicture = z.output<typeof picture>;
export type CatalogueModel = Omit<z.output<typeof model>, 'hints'> & { readonly hints?: ModelHints };

/** @param text JSON @throws misuse `catalogue` */
export function parseCatalogue(text: string): Catalogue {
  return parseBySchema(text, catalogueSchema, {
    code: 'catalogue',
    subject: 'catalogue.json',
    advice: 'It belongs to another version of Gimbal: load the page anew.',
  });
}
