import { z } from 'zod';
import { misuse } from '../../errors/error.ts';
import type { ParquetColumn, ParquetTable } from './table.ts';

/** Which columns of a table are images and labels. */
export interface ImageColumns {
  readonly image: ParquetColumn;
  /** Absent where no labels are asked for. */
  readonly label?: ParquetColumn;
  /** Names of the classes by label, where the table says them. */
  readonly classNames?: readonly string[];
  /** How it was told, where there was a choice: `labels from fine_label`. */
  readonly notes: readonly string[];
}

/** Columns by the names that people give them, in order of preference. */
const IMAGE = ['image', 'img', 'images', 'pixel_values', 'jpg', 'jpeg', 'png', 'webp', 'image_bytes', 'bytes', 'data'];
const LABEL = ['label', 'labels', 'fine_label', 'class', 'class_label', 'target', 'category', 'cls', 'y'];

interface Features {
  readonly images: ReadonlySet<string>;
  /** Names of the classes of each column of labels. */
  readonly labels: ReadonlyMap<string, readonly string[] | undefined>;
}

/**
 * Finds the columns of images and labels: as the library datasets of Hugging Face notes them in the footer, else by
 * their types and names.
 * @param unlabelled no labels are asked for
 * @throws misuse `no-images`, `no-labels`, `several-columns`
 */
export function imageColumns(table: ParquetTable, unlabelled = false): ImageColumns {
  const features = featuresOf(table);
  const image = choose(table, 'images', columnsOfImages(table, features), IMAGE);
  if (unlabelled) return { image: image.column, notes: image.notes };
  const label = choose(
    table,
    'labels',
    table.columns.filter(
      (column) =>
        features.labels.has(column.name) ||
        (features.labels.size === 0 && (column.type === 'whole' || column.type === 'text') && isNamed(column, LABEL)),
    ),
    LABEL,
  );
  return {
    image: image.column,
    label: label.column,
    classNames: features.labels.get(label.column.name),
    notes: [...image.notes, ...label.notes],
  };
}

/** Whether a table holds images, and does not just list them. */
export const holdsImages = (table: ParquetTable): boolean => columnsOfImages(table, featuresOf(table)).length > 0;

/** Names of the classes of each column of labels whose names the table says. */
export function classNamesOf(table: ParquetTable): Map<string, readonly string[]> {
  return new Map([...featuresOf(table).labels].flatMap(([column, names]) => (names ? [[column, names]] : [])));
}

function columnsOfImages({ columns }: ParquetTable, { images }: Features): ParquetColumn[] {
  if (images.size > 0) return columns.filter(({ name }) => images.has(name));
  return columns.filter((column) => isImageStruct(column) || (column.type === 'bytes' && isNamed(column, IMAGE)));
}

function isImageStruct({ type, fields }: ParquetColumn): boolean {
  return type === 'struct' && fields.includes('bytes');
}

const isNamed = ({ name }: ParquetColumn, names: readonly string[]): boolean => names.includes(name.toLowerCase());

function choose(
  { name, columns }: ParquetTable,
  what: 'images' | 'labels',
  found: readonly ParquetColumn[],
  names: readonly string[],
): { readonly column: ParquetColumn; readonly notes: readonly string[] } {
  const list = (of: readonly ParquetColumn[]): string => of.map((column) => column.name).join(', ') || 'none';
  if (found.length === 0) {
    throw misuse({
      code: `no-${what}`,
      subject: name,
      problem: `has no column of ${what} among its columns (${list(columns)}).`,
      advice:
        what === 'images'
          ? 'Images are encoded files (JPEG, PNG): bytes in a column named image, or as the library datasets ' +
            'writes them.'
          : 'Labels are whole numbers or names in a column named label.',
    });
  }
  if (found.length === 1) return { column: found[0], notes: [] };
  const ranked = names.flatMap((wanted) => found.filter((column) => column.name.toLowerCase() === wanted));
  if (ranked.length === 0) {
    throw misuse({
      code: 'several-columns',
      subject: name,
      problem: `has several columns of ${what} (${list(found)}), and none is named ${names[0]}.`,
      advice: `Write a file with the one that is meant, named ${names[0]}.`,
    });
  }
  return { column: ranked[0], notes: [`${what}: from the column ${ranked[0].name} (there are ${list(found)})`] };
}

/** What `datasets` notes under the key `huggingface`: `{"info": {"features": {"label": {"_type": "ClassLabel"}}}}`. */
function featuresOf({ notes }: ParquetTable): Features {
  const images = new Set<string>();
  const labels = new Map<string, readonly string[] | undefined>();
  for (const [column, feature] of Object.entries(featuresIn(notes.get('huggingface')))) {
    if (feature === undefined) continue;
    const { _type: type, names } = feature;
    if (type === 'Image') images.add(column);
    if (type === 'ClassLabel') labels.set(column, classNamesIn(names));
  }
  return { images, labels };
}

/** Of a column that is noted in another way nothing is known. */
const feature = z
  .looseObject({ _type: z.unknown().optional(), names: z.unknown().optional() })
  .optional()
  .catch(undefined);
const noteSchema = z.object({ info: z.object({ features: z.record(z.string(), feature) }) });

function featuresIn(noted = '{}'): z.output<typeof noteSchema>['info']['features'] {
  try {
    return noteSchema.parse(JSON.parse(noted)).info.features;
  } catch {
    return {};
  }
}

/** A list, or as older versions wrote them an object from numbers to names. */
function classNamesIn(names: unknown): string[] | undefined {
  if (typeof names !== 'object' || names === null) return undefined;
  const list: unknown[] = Array.isArray(names) ? names : Object.values(names);
  return list.length > 0 && list.every((name) => typeof name === 'string') ? (list as string[]) : undefined;
}
