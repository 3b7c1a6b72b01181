import { closestMatch } from 'leven';

/** ` Did you mean "grid"?`, or nothing where no known name is near. For the end of a message about an unknown name. */
export function didYouMean(unknown: string, known: Iterable<string>): string {
  const nearest = closestMatch(unknown, [...known], {
    maxDistance: unknown.length < 4 ? 1 : Math.max(2, Math.floor(unknown.length / 3)),
  });
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}
