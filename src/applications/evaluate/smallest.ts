import type { AttackFacts, Target } from '../../attacks/attack.ts';
import { createAnswerer } from '../../evaluation/answer.ts';
import { toSixDigits, type EvaluationResult } from '../../evaluation/records.ts';
import { settle } from '../../evaluation/settle.ts';
import { type Budget, smallestFooling } from '../../evaluation/smallest-fooling.ts';
import type { RunSettings } from '../../options/attack-settings.ts';
import type { Shown } from '../../report/report-input.ts';
import { restrictBox } from '../../sets/box.ts';
import { createGrid } from '../../sets/grid.ts';
import type { ReportClassifier } from './report-classifier.ts';
import type { Run } from './run.ts';

/** Forward passes that a report may always make for its pictures. */
const LEAST_BUDGET = 2000;

type FindSmallest = (attack: string, images: readonly Target[]) => Promise<ReadonlyMap<number, Shown>>;

/**
 * Whether an attack reads images as the run's classifier does. Where it does not, what fools that classifier is not
 * what fools under the attack.
 */
export function readsAsRun(
  facts: Pick<AttackFacts, 'interpolation'> | undefined,
  { warp: { interpolation = 'bilinear' } }: Pick<RunSettings, 'warp'>,
): boolean {
  return (facts?.interpolation ?? interpolation) === interpolation;
}

/**
 * Searches for the smallest transformations that fool, for the pictures of a report: it takes at most half as many
 * forward passes again as the run. A vote, whose answers are drawn, has no smallest.
 */
export function smallestFinder(
  { attacks, settings: { box, warp, grid: size }, vote }: Run,
  { evaluations }: EvaluationResult,
  classifier: ReportClassifier,
): FindSmallest | undefined {
  if (vote !== undefined) return undefined;
  const budget: Budget = { left: Math.max(LEAST_BUDGET, Math.floor(evaluations.made / 2)) };
  return async (attack, images) => {
    const facts = attacks.find(({ name }) => name === attack);
    if (!readsAsRun(facts, { warp })) return new Map();
    const { subset } = facts ?? {};
    const search = smallestFooling(
      createGrid(subset === undefined ? box : restrictBox(box, subset), size, subset),
      budget,
    );
    const found = (await classifier.ask((started) => settle(images, [search], createAnswerer(started)))) ?? [];
    return new Map(
      found.flatMap((findings, i): [number, Shown][] => {
        const { robust, worst } = findings.get(search.name)!;
        const { transformation, predicted } = worst;
        const loss = toSixDigits(worst.loss);
        return robust ? [] : [[images[i].index, { kind: 'smallest', transformation, predicted, loss }]];
      }),
    );
  };
}
