import type { ImageSource } from './source.ts';

/** Images that are read at once where labels are not known without them. */
const TOGETHER = 64;
/** Images that are looked at for another class before one of a class that is there is taken. */
const FAR = 2000;

/**
 * Positions of a few images that differ over the classes: the first of each class in the order of the source, then the
 * second of each, rising.
 */
export async function overClasses(source: ImageSource, count: number): Promise<number[]> {
  const byClass = new Map<number, number[]>();
  const told = source.labels === undefined ? Math.min(source.length, FAR) : source.length;
  for (let start = 0; start < told && byClass.size < count; start += TOGETHER) {
    const positions = Array.from({ length: Math.min(TOGETHER, told - start) }, (_, i) => start + i);
    const labels = source.labels ?? (await labelsAt(source, positions));
    for (const position of positions) {
      const label = labels[source.labels === undefined ? position - start : position];
      if (label !== undefined) byClass.set(label, [...(byClass.get(label) ?? []), position]);
    }
  }
  const chosen: number[] = [];
  for (let turn = 0; chosen.length < count; turn++) {
    const ofTurn = [...byClass.values()].flatMap((positions) => positions[turn] ?? []);
    if (ofTurn.length === 0) break;
    for (const position of ofTurn.slice(0, count - chosen.length)) chosen.push(position);
  }
  return chosen.sort((a, b) => a - b);
}

/** Those of images that cannot be read are undefined. */
async function labelsAt(source: ImageSource, positions: readonly number[]): Promise<(number | undefined)[]> {
  const images = await source.read(positions);
  if (images.length === positions.length) return images.map(({ label }) => label);
  const each: (number | undefined)[] = [];
  for (const position of positions) each.push((await source.read([position]))[0]?.label);
  return each;
}
