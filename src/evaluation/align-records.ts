import type { ImageRecord } from './records.ts';

/**
 * Goes through the records of several runs side by side, each in the order of its images: for each image that any of
 * them holds, what each of them says of it. One record of each run is held at a time.
 */
export async function* alignRecords(
  runs: readonly AsyncIterable<ImageRecord>[],
): AsyncGenerator<(ImageRecord | undefined)[]> {
  const iterators = runs.map((records) => records[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map(next));
    for (;;) {
      let index = Infinity;
      for (const head of heads) if (head !== undefined && head.index < index) ({ index } = head);
      if (index === Infinity) return;
      yield heads.map((head) => (head?.index === index ? head : undefined));
      for (const [i, head] of heads.entries()) if (head?.index === index) heads[i] = await next(iterators[i]);
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

async function next(records: AsyncIterator<ImageRecord>): Promise<ImageRecord | undefined> {
  const { done, value } = await records.next();
  return done ? undefined : value;
}
