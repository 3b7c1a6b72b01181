import { closestMatch } from 'leven';

/**
 * The known name that an unknown one is near to, as a slip of the pen is.
 * @param length of the part of it that tells it from others
 */
export function closest(unknown: string, known: Iterable<string>, length = unknown.length): string | undefined {
  return closestMatch(unknown, [...known], { maxDistance: length < 4 ? 1 : Math.max(2, Math.floor(length / 3)) });
}

/** ` Did you mean "grid"?`, or nothing where no known name is near. For the end of a message about an unknown name. */
export function didYouMean(unknown: string, known: Iterable<string>): string {
  const nearest = closest(unknown, known);
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}
