import { alignRecords } from './align-records.ts';
import type { ImageRecord } from './records.ts';

/** What two runs hold of one image: at least one of them has a record. */
export interface RecordPair {
  readonly a?: ImageRecord;
  readonly b?: ImageRecord;
}

/** Goes through the records of two runs side by side, each in the order of its images. */
export async function* pairRecords(
  a: AsyncIterable<ImageRecord>,
  b: AsyncIterable<ImageRecord>,
): AsyncGenerator<RecordPair> {
  for await (const [one, other] of alignRecords([a, b])) yield { a: one, b: other };
}
