import { misuse } from '../../errors/error.ts';
import type { ImageRecord } from '../../evaluation/records.ts';

/** A record with what belongs to it. */
export interface Entry {
  readonly record: ImageRecord;
  /** By name of the attack. */
  readonly losses: ReadonlyMap<string, Float32Array>;
  /** Folder that its perturbations lie in. */
  readonly folder: string;
}

/**
 * The entries of several shards in the order of the data set: each shard is in that order itself, and no more than one
 * entry of each is held at a time.
 * @throws misuse `image-twice`
 */
export async function* mergeEntries(shards: readonly AsyncIterable<Entry>[]): AsyncGenerator<Entry> {
  const iterators = shards.map((shard) => shard[Symbol.asyncIterator]());
  const heads: (Entry | undefined)[] = [];
  try {
    for (const iterator of iterators) heads.push(await next(iterator));
    for (;;) {
      const [least, following] = leastTwo(heads);
      if (least < 0) return;
      // A group of neighbours lies in one shard: it is taken as far as no other comes before.
      for (let head = heads[least]; head !== undefined && indexOf(head) <= following; head = heads[least]) {
        if (indexOf(head) === following) throw twice(head, heads);
        yield head;
        heads[least] = await next(iterators[least]);
      }
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

/** The position of the entry that comes first, −1 where there is none, and the index of the one that comes next. */
function leastTwo(heads: readonly (Entry | undefined)[]): [position: number, following: number] {
  let [position, least, following] = [-1, Infinity, Infinity];
  heads.forEach((head, i) => {
    const index = head === undefined ? Infinity : indexOf(head);
    if (index < least) [position, least, following] = [i, index, least];
    else if (index < following) following = index;
  });
  return [position, following];
}

const indexOf = ({ record }: Entry): number => record.index;

async function next(iterator: AsyncIterator<Entry>): Promise<Entry | undefined> {
  const { done, value } = await iterator.next();
  return done ? undefined : value;
}

function twice(head: Entry, heads: readonly (Entry | undefined)[]): Error {
  const folders = heads.flatMap((other) => (other?.record.index === head.record.index ? [other.folder] : []));
  return misuse({
    code: 'image-twice',
    subject: `image ${head.record.index}`,
    problem: `is in ${folders.join(' and in ')}.`,
    advice: 'One of these folders was changed from outside: put it back from a copy, or evaluate that shard anew.',
  });
}
