import type { ImageRecord } from '../evaluation/records.ts';
import type { Box } from '../sets/box.ts';
import { compareSizes, sizeIn } from '../sets/transformation-size.ts';
import { fromTuple, IDENTITY, type Transformation } from '../transform/transformation.ts';
import { attackOf } from './attack-of.ts';
import type { Example, ReportSetting } from './report-input.ts';

/** An image that the model gets wrong, with the least that is known to do it. */
export interface Failure {
  readonly index: number;
  readonly file?: string;
  readonly label: number;
  /** Class predicted there. */
  readonly predicted: number;
  /** `natural` where the image is wrong as it is. */
  readonly attack: string;
  readonly transformation: Transformation;
  /** The largest share of a limit that the transformation takes, in [0, 1]; absent of attacks on pixels. */
  readonly size?: number;
  /** Nothing smaller fools, of the points of the grid: it was searched for. */
  readonly smallest: boolean;
  readonly loss: number;
}

/** Images of which some were searched for the smallest that fools them, of what an attack may do. */
interface Searched {
  readonly attack: string;
  readonly examples: readonly Example[];
}

/**
 * All images that are wrong under some attack, each with the smallest transformation that is known to fool it: first
 * those that are wrong as they are, last those that only attacks on pixels fool.
 *
 */
export async function findFailures(
  records: AsyncIterable<ImageRecord>,
  setting: ReportSetting,
  searched?: Searched,
): Promise<Failure[]> {
  const smallest = new Map(
    searched?.examples
      .filter(({ kind }) => kind === 'smallest')
      .map((one) => [one.index, { ...one, attack: searched.attack }]),
  );
  const failures: Failure[] = [];
  for await (const record of records) {
    const failure = leastOf(record, setting, smallest.get(record.index));
    if (failure !== undefined) failures.push(failure);
  }
  return failures.sort((a, b) => compareFailures(setting.box, a, b) || a.index - b.index);
}

function leastOf(
  { index, file, label, attacks }: ImageRecord,
  setting: ReportSetting,
  shown: (Example & { readonly attack: string }) | undefined,
): Failure | undefined {
  const { box } = setting;
  const image = { index, ...(file === undefined ? {} : { file }), label };
  const wrong = Object.entries(attacks)
    .filter(([, { predicted }]) => predicted !== label)
    .map(([attack, { predicted, worst, loss }]): Failure => {
      const { changes, seeks, subset } = attackOf(attack, setting);
      const moves = changes === 'nothing' || changes === 'view';
      const smallest = changes === 'nothing' || (seeks === 'smallest' && subset === 'full');
      const transformation = attack === 'natural' ? IDENTITY : fromTuple(worst);
      const size = moves ? { size: sizeIn(box, transformation) } : {};
      return { ...image, predicted, attack, transformation, ...size, smallest, loss };
    });
  if (wrong.length === 0) return undefined;
  const least = wrong.reduce((best, one) => (compareFailures(box, one, best) < 0 ? one : best));
  if (shown === undefined || least.attack === 'natural') return least;
  const { attack, transformation, predicted, loss } = shown;
  const size = sizeIn(box, transformation);
  const searched: Failure = { ...image, predicted, attack, transformation, size, smallest: true, loss };
  // A draw between the grid's points may take less than any of these.
  return compareFailures(box, searched, least) <= 0 ? searched : least;
}

function compareFailures(box: Box, a: Failure, b: Failure): number {
  if (a.size === undefined || b.size === undefined) return Number(a.size === undefined) - Number(b.size === undefined);
  return compareSizes(box, a.transformation, b.transformation);
}
