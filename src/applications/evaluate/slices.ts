import type { Target } from '../../attacks/attack.ts';
import { type Answerer, createAnswerer } from '../../evaluation/answer.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import type { Slices } from '../../report/report-input.ts';
import { type GridTally, tallyGrid } from '../../report/tally-grid.ts';
import { restrictBox } from '../../sets/box.ts';
import { createGrid, type Grid } from '../../sets/grid.ts';
import { exhaustiveValue } from '../../statistics/exhaustive-value.ts';
import type { ReportClassifier } from './report-classifier.ts';
import type { Run } from './run.ts';

/** Of the forward passes that the run made, those that its report may make for these figures. */
const SHARE = 1 / 8;
/** Images below which a curve says nothing. */
const FEWEST = 8;
/** Images that are held at once. */
const TOGETHER = 32;

/**
 * Measures accuracy over the angle without a shift, and over the shift without a turn, on images spread over the run:
 * as many as an eighth of its forward passes allows. A run that tried its whole grid knows more, a vote draws its
 * answers; neither has these.
 */
export function sliceMeter(
  { options, source, settings: { box, grid: size }, vote }: Run,
  { evaluations, n }: EvaluationResult,
  classifier: ReportClassifier,
): (() => Promise<Slices | undefined>) | undefined {
  if (vote !== undefined || options.exhaustive) return undefined;
  const grids = (['rotation', 'translation'] as const)
    .map((subset) => ({ subset, grid: createGrid(restrictBox(box, subset), size, subset) }))
    .filter(({ grid }) => grid.length > 1);
  const points = grids.reduce((sum, { grid }) => sum + grid.length, 0);
  const count = points === 0 ? 0 : Math.min(n, Math.floor((SHARE * evaluations.made) / points));
  if (count < Math.min(n, FEWEST)) return undefined;
  return async () => {
    const losses = new Map(grids.map(({ grid }) => [grid, [] as Float32Array[]]));
    const positions = Array.from({ length: count }, (_, i) => Math.floor((i * source.length) / count));
    for (let start = 0; start < count; start += TOGETHER) {
      // Those that cannot be read are left out.
      const images = await source.read(positions.slice(start, start + TOGETHER));
      const targets = images.map((image): Target => ({ ...image, shape: source.shape }));
      for (const [grid, rows] of losses) {
        const measured = await classifier.ask((started) => lossesOver(grid, targets, createAnswerer(started)));
        if (measured === undefined) return undefined;
        for (const row of measured) rows.push(row);
      }
    }
    const tallies: GridTally[] = [];
    for (const { subset, grid } of grids)
      tallies.push(await tallyGrid(`grid:${subset}`, grid, eachOf(losses.get(grid) ?? [])));
    return { grids: tallies, of: n };
  };
}

/** Losses of each image at each point of a grid, as an exhaustive run keeps them. */
async function lossesOver(grid: Grid, targets: readonly Target[], answer: Answerer): Promise<Float32Array[]> {
  const probes = Array.from({ length: grid.length }, (_, candidate) => ({
    candidate,
    transformation: grid.point(candidate),
  }));
  const replies = await answer(
    targets.map((target) => ({ target, attack: 'slice', ask: { kind: 'classify', probes } as const })),
  );
  return replies.map((outcomes, i) =>
    Float32Array.from(outcomes, ({ loss, predicted }) => exhaustiveValue(loss, predicted === targets[i].label)),
  );
}

async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
