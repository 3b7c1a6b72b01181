import { z } from 'zod';
import { misuse } from '../errors/error.ts';
import { describeFault } from '../json/by-schema.ts';

/** Images with one category each, out of a file of COCO's form. */
export interface CocoImages {
  readonly images: readonly { readonly file: string; readonly label: number }[];
  /** By label: categories in the order of their numbers. */
  readonly classNames: readonly string[];
  /** What was passed over, a sentence each. */
  readonly notes: readonly string[];
}

const id = z.union([z.number(), z.string()]);
const schema = z.looseObject({
  images: z.array(z.looseObject({ id, file_name: z.string() })),
  annotations: z.array(z.looseObject({ image_id: id, category_id: id })),
  categories: z.array(z.looseObject({ id, name: z.string() })).min(1),
});

/** Whether a value has the three lists of COCO's form. */
export function isCoco(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['images', 'annotations', 'categories'].every((key) => Array.isArray((value as Record<string, unknown>)[key]));
}

/**
 * Reads a classification out of COCO's form: each image has annotations of one category.
 * @param subject the file, for messages
 * @throws misuse `malformed-coco`, `several-labels`, `label-out-of-range`
 */
export function readCoco(value: unknown, subject: string): CocoImages {
  const read = schema.safeParse(value);
  if (!read.success) throw malformed(subject, describeFault(read.error, value));
  const { images, annotations, categories } = read.data;
  const order = [...categories].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const labelOf = new Map(order.map((category, label) => [category.id, label]));
  if (labelOf.size < order.length) throw malformed(subject, 'has two categories of one id');
  const found = new Map<number | string, number>();
  for (const [at, { image_id: image, category_id: category }] of annotations.entries()) {
    const label = labelOf.get(category);
    if (label === undefined) {
      throw misuse({
        code: 'label-out-of-range',
        subject: `${subject}, annotation ${at}`,
        problem: `names the category ${category}, which is not among the ${order.length} categories.`,
      });
    }
    const before = found.get(image);
    if (before !== undefined && before !== label) {
      throw misuse({
        code: 'several-labels',
        subject: `${subject}, image ${image}`,
        problem:
          `has annotations of several categories (${order[before].name}, ${order[label].name}), as data for ` +
          'detection have.',
        advice:
          'A classifier needs one class for each image: cut the objects out, or list images and classes in a CSV file.',
      });
    }
    found.set(image, label);
  }
  const labelled = images.flatMap((image) => {
    const label = found.get(image.id);
    return label === undefined ? [] : [{ file: image.file_name, label }];
  });
  const without = images.length - labelled.length;
  return {
    images: labelled,
    classNames: order.map(({ name }) => name),
    notes: without === 0 ? [] : [`passed over: ${without} images without an annotation`],
  };
}

function malformed(subject: string, problem: string): Error {
  return misuse({
    code: 'malformed-coco',
    subject,
    problem: `is not of COCO's form (${problem}).`,
    advice:
      'It should hold "images" with id and file_name, "annotations" with image_id and category_id, and ' +
      '"categories" with id and name.',
  });
}
