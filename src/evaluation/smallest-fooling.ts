import { classify, type Outcome, type Probe, type Searching } from '../attacks/attack.ts';
import { WorstTracker } from '../attacks/worst-tracker.ts';
import type { Grid } from '../sets/grid.ts';
import { compareSizes } from '../sets/transformation-size.ts';

/** Probes in a wave, after the first. */
const WAVE = 16;

/** Forward passes that searches share: none begins another wave once they are spent. */
export interface Budget {
  left: number;
}

/**
 * The smallest point of a grid that fools: points are tried in the order of `compareSizes` until one does. Of points
 * of equal size the one of the highest loss counts. An attack that ends at the first point that fools, and begins at
 * the corners, does not show how little it takes; this does.
 *
 * @returns a search whose finding is `robust` where no point fools or the budget ran out
 */
export function smallestFooling(grid: Grid, budget: Budget): Searching {
  const compare = (a: number, b: number): number => compareSizes(grid.box, grid.point(a), grid.point(b));
  const order = Array.from({ length: grid.length }, (_, i) => i).sort((a, b) => compare(a, b) || a - b);
  return {
    name: 'smallest',
    *search(target) {
      let tracker = new WorstTracker(target.label);
      for (let start = 0, end = 1; start < order.length; start = end, end = start + WAVE) {
        if (start > 0 && budget.left < WAVE) break;
        // Points of equal size stay together: the choice among them is made among all of them.
        while (end < order.length && compare(order[end - 1], order[end]) === 0) end++;
        const candidates = order.slice(start, end);
        const probes = candidates.map((candidate) => ({ candidate, transformation: grid.point(candidate) }));
        budget.left -= probes.length;
        tracker = new WorstTracker(target.label);
        leastFooling(grid, target.label, probes, yield* classify(probes)).forEach(([probe, outcome]) =>
          tracker.offer(probe, outcome),
        );
        if (tracker.fooled) break;
      }
      return { robust: !tracker.fooled, worst: tracker.worst, exhaustive: grid.length };
    },
  };
}

type Tried = readonly [probe: Probe, outcome: Outcome];

/** Those of the least size among the points of a wave that fool; where none does, all. Waves are in order of size. */
function leastFooling(grid: Grid, label: number, probes: readonly Probe[], outcomes: readonly Outcome[]): Tried[] {
  const tried = probes.map((probe, i): Tried => [probe, outcomes[i]]);
  const first = tried.find(([, { predicted }]) => predicted !== label);
  if (first === undefined) return tried;
  const size = ([{ transformation }]: Tried): number => compareSizes(grid.box, transformation, first[0].transformation);
  return tried.filter((one) => size(one) === 0);
}
