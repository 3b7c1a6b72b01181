import { type Box, clampTo, PARAMETERS } from '../sets/box.ts';
import { createGrid, type Grid } from '../sets/grid.ts';
import type { Transformation } from '../transform/transformation.ts';
import { classify, type Search, type Target } from './attack.ts';
import { gridOrder } from './best-first.ts';
import { type Candidates, tryCandidates } from './candidates.ts';
import { defineAttack } from './definition.ts';
import { GRID_SIZE } from './shared-settings.ts';
import { ONE } from './words.ts';
import { WorstTracker } from './worst-tracker.ts';

/** Grid points from which the refinement starts: those of the highest loss. */
const STARTS = 32;
/** Times that the step is halved, from half the grid's spacing, where no neighbour is worse. */
const HALVINGS = 3;

interface Climber {
  at: Transformation;
  loss: number;
  halvings: number;
}

/**
 * The worst case over the whole box: first the grid, then, for images that survive it, a compass search (Hooke and
 * Jeeves, JACM 1961) for a higher loss from the grid points of the highest loss, between the grid's points. Each round
 * tries a step either way along each parameter, moves to the worst neighbour, and halves the step where none is worse.
 */
export const STRONGEST = defineAttack({
  name: 'strongest',
  hasForms: true,
  takesRadius: false,
  settings: { grid: GRID_SIZE },
  page: { words: 'the grid, refined', exhaustive: true },
  documentation: {
    tries:
      `the grid, then for its survivors a compass search from the ${STARTS} points of highest loss, ` +
      "between the grid's points",
    rightWhen: 'right on all',
  },
  create({ name, subset, box, exhaustive, settings }) {
    const grid = createGrid(box, settings.grid, subset);
    const order = gridOrder(grid, exhaustive);
    return {
      name,
      changes: 'view',
      subset,
      words: {
        tries: `the worst ${ONE[subset]} of the whole range, refined from the grid`,
        under: (range) => `under the worst case of ${range}`,
      },
      seeks: 'worst',
      needsGradients: false,
      search: (target) => refine(target, grid, order, exhaustive),
    };
  },
});

/** @param exhaustive go on after the image is fooled */
function* refine(target: Target, grid: Grid, order: Candidates['order'], exhaustive: boolean): Search {
  const tracker = new WorstTracker(target.label);
  const losses = new Float64Array(grid.length);
  const finish = () => ({
    robust: !tracker.fooled,
    worst: tracker.worst,
    exhaustive: tracker.tried,
    ...(exhaustive ? { fooling: tracker.fooling } : {}),
  });
  yield* tryCandidates(
    { length: grid.length, transformation: grid.point, order },
    exhaustive,
    tracker,
    (probe, { loss }) => {
      losses[probe.candidate] = loss;
    },
  );
  if (tracker.fooled && !exhaustive) return finish();
  const spacing = PARAMETERS.map((key) => (grid.axes[key].length > 1 ? grid.axes[key][1] - grid.axes[key][0] : 0));
  const byLoss = Array.from(losses.keys()).sort((a, b) => losses[b] - losses[a] || a - b);
  let climbers: Climber[] = byLoss
    .slice(0, STARTS)
    .map((point) => ({ at: grid.point(point), loss: losses[point], halvings: 1 }));
  const seen = new Set<string>();
  let candidate = grid.length;
  while (climbers.length > 0 && (exhaustive || !tracker.fooled)) {
    const rounds = climbers.map((climber) => {
      const probes = neighbours(climber, spacing, grid.box)
        .filter((t) => !seen.has(key(t)))
        .map((transformation) => ({ candidate: candidate++, transformation }));
      for (const probe of probes) seen.add(key(probe.transformation));
      return { climber, probes };
    });
    const outcomes = yield* classify(rounds.flatMap(({ probes }) => probes));
    let next = 0;
    for (const { climber, probes } of rounds) {
      let best: { at: Transformation; loss: number } | undefined;
      for (const probe of probes) {
        const outcome = outcomes[next++];
        tracker.offer(probe, outcome);
        if (outcome.loss > (best?.loss ?? climber.loss)) best = { at: probe.transformation, loss: outcome.loss };
      }
      if (best === undefined) climber.halvings++;
      else Object.assign(climber, best);
    }
    climbers = climbers.filter(({ halvings }) => halvings <= HALVINGS);
  }
  return finish();
}

/** One step either way along each parameter, inside the box. */
function neighbours({ at, halvings }: Climber, spacing: readonly number[], box: Box): Transformation[] {
  return PARAMETERS.flatMap((parameter, i) =>
    [1, -1].map((side) => {
      const value = at[parameter] + (side * spacing[i]) / 2 ** halvings;
      return clampTo(box, { ...at, [parameter]: value });
    }),
  );
}

function key(t: Transformation): string {
  return `${t.tx},${t.ty},${t.angle}`;
}
