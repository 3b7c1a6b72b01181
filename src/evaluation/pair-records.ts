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
  const [left, right] = [a[Symbol.asyncIterator](), b[Symbol.asyncIterator]()];
  let [one, other] = [await next(left), await next(right)];
  while (one !== undefined || other !== undefined) {
    const [i, j] = [one?.index ?? Infinity, other?.index ?? Infinity];
    yield { ...(i <= j && { a: one }), ...(j <= i && { b: other }) };
    if (i <= j) one = await next(left);
    if (j <= i) other = await next(right);
  }
}

async function next(records: AsyncIterator<ImageRecord>): Promise<ImageRecord | undefined> {
  const { done, value } = await records.next();
  return done ? undefined : value;
}
