import { z } from 'zod';
import { misuse } from '../errors/error.ts';
import { kindOfImage } from './image-names.ts';

/** A member of an archive. */
export interface Member {
  readonly name: string;
  /** Where its bytes lie in the archive. */
  readonly start: number;
  readonly size: number;
  /** Of members that may say a label. */
  readonly text?: string;
}

/** An image of a shard with its label. */
export interface Sample {
  /** Its member's name. */
  readonly name: string;
  readonly start: number;
  readonly size: number;
  readonly label: number | string;
}

/** Endings of members that say a label, in order of preference. */
const LABELS = ['cls', 'cls.txt', 'label', 'label.txt', 'class', 'json'];
const KEYS = ['label', 'cls', 'class', 'class_id', 'class_index', 'target', 'category'];

/** Whether a member may say a label, so that its text is wanted. */
export function saysLabel(name: string): boolean {
  return LABELS.includes(splitName(name).ending);
}

/**
 * The samples of a WebDataset shard: members that are called alike up to the first dot (`0001.jpg`, `0001.cls`). The
 * label stands in `.cls`, as a number or a name, or in `.json` under `label`, `cls` and the like.
 * @param subject the shard, for messages
 * @param unlabelled no labels are asked for: all are 0
 * @throws misuse `no-labels`, `malformed-label`
 */
export function samplesOf(
  members: readonly Member[],
  subject: string,
  unlabelled = false,
): { readonly samples: readonly Sample[]; readonly withoutImage: number } {
  const groups = new Map<string, Map<string, Member>>();
  for (const member of members) {
    const { key, ending } = splitName(member.name);
    const group = groups.get(key) ?? new Map<string, Member>();
    group.set(ending, member);
    groups.set(key, group);
  }
  let withoutImage = 0;
  const samples = Array.from(groups, ([key, group]) => {
    const image = imageIn(group);
    if (image === undefined) {
      withoutImage++;
      return undefined;
    }
    if (unlabelled) return { name: image.name, start: image.start, size: image.size, label: 0 };
    const ending = LABELS.find((one) => group.has(one));
    if (ending === undefined) {
      throw misuse({
        code: 'no-labels',
        subject: `${subject} › ${image.name}`,
        problem:
          'has no label beside it: of the same name there are ' +
          `${[...group.keys()].map((one) => `.${one}`).join(', ')}.`,
        advice:
          'A label stands in a member NAME.cls, or in NAME.json under "label". ' +
          'An archive of class folders is to be unpacked: give the folder.',
      });
    }
    const member = group.get(ending)!;
    const label = readLabel(member, ending, `${subject} › ${key}.${ending}`);
    return { name: image.name, start: image.start, size: image.size, label };
  });
  return { samples: samples.filter((sample) => sample !== undefined), withoutImage };
}

/** The image of a sample: of several, the one whose ending is nothing but that of an image. */
function imageIn(group: ReadonlyMap<string, Member>): Member | undefined {
  const images = [...group].filter(([, { name }]) => kindOfImage(name) === 'read');
  const plain = images.find(([ending]) => !ending.includes('.'));
  return (plain ?? images.at(0))?.[1];
}

/** `dir/0001.seg.png` is the sample `dir/0001` with the ending `seg.png`. */
function splitName(name: string): { readonly key: string; readonly ending: string } {
  const base = name.lastIndexOf('/') + 1;
  const dot = name.indexOf('.', base);
  return dot < 0 ? { key: name, ending: '' } : { key: name.slice(0, dot), ending: name.slice(dot + 1).toLowerCase() };
}

const json = z.record(z.string(), z.unknown());

function readLabel({ text = '' }: Member, ending: string, subject: string): number | string {
  const value = ending === 'json' ? fromJson(text, subject) : text.trim();
  if (typeof value === 'number' || /^[+-]?\d+$/.test(value)) {
    const label = Number(value);
    if (Number.isSafeInteger(label) && label >= 0) return label;
    throw misuse({
      code: 'label-out-of-range',
      subject,
      problem: `says the label ${value}; labels are whole numbers from 0 up, or names.`,
    });
  }
  if (value !== '') return value;
  throw malformed(subject, 'is empty');
}

function fromJson(text: string, subject: string): number | string {
  let read: z.output<typeof json>;
  try {
    read = json.parse(JSON.parse(text));
  } catch {
    throw malformed(subject, 'holds no JSON object');
  }
  const key = KEYS.find((one) => read[one] !== undefined);
  const value = key === undefined ? undefined : read[key];
  if (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')) return value;
  throw malformed(subject, `has no number and no name under ${KEYS.slice(0, 3).join(', ')} or the like`);
}

function malformed(subject: string, problem: string): Error {
  return misuse({
    code: 'malformed-label',
    subject,
    problem: `${problem}.`,
    advice: 'A label is a whole number from 0 up, or a name.',
  });
}
