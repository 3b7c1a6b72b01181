import { sha256OfText } from '../digest/sha256.ts';
import type { LabelledImage } from '../image/image.ts';
import type { Labelling } from './labelling.ts';
import type { ImageSource } from './source.ts';

/** What becomes of the labels of a source. */
export interface Relabelling {
  /** The new label of an old one. */
  readonly of: (label: number) => number;
  /** What `of` does, as JSON that differs where it does; `undefined` where every label stays what it is. */
  readonly rule: unknown;
  readonly classes: number;
  readonly classNames?: readonly string[];
  readonly labelling: Labelling;
  /** Sentences about it, after those of the source. */
  readonly notes?: readonly string[];
}

/** The source with other labels for the same images. Its fingerprint is another unless every label stays what it is. */
export function relabel(source: ImageSource, to: Relabelling): ImageSource {
  const { of, rule, classes, classNames, labelling, notes = [] } = to;
  const same = rule === undefined;
  const named = (images: LabelledImage[]): LabelledImage[] =>
    same ? images : images.map((image) => ({ ...image, label: of(image.label) }));
  const tell = (fingerprint: string) => (same ? fingerprint : relabelledFingerprint(fingerprint, rule));
  return {
    name: source.name,
    length: source.length,
    shape: source.shape,
    classes,
    classNames,
    labels: source.labels && Array.from(source.labels, of),
    labelling,
    notes: [...(source.notes ?? []), ...notes],
    fingerprint: tell(source.fingerprint),
    fingerprintWith: source.fingerprintWith && ((contents) => tell(source.fingerprintWith!(contents))),
    faults: source.faults,
    get skipped() {
      return source.skipped;
    },
    read: async (positions, next) => named(await source.read(positions, next)),
    readEdited: source.readEdited && (async (positions, editOf) => named(await source.readEdited!(positions, editOf))),
    close: () => source.close(),
  };
}

function relabelledFingerprint(fingerprint: string, rule: unknown): string {
  return sha256OfText(JSON.stringify({ fingerprint, labels: rule }));
}
