import type { Target } from '../../attacks/attack.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { measureSweeps, type Sweep } from '../../evaluation/sweeps.ts';
import { restrictBox } from '../../sets/box.ts';
import { sweepThrough } from '../../sets/sweep.ts';
import { isSame, type Transformation } from '../../transform/transformation.ts';
import { readsAsRun } from './smallest.ts';
import type { ReportClassifier } from './report-classifier.ts';
import type { KeptRun } from './run.ts';
import { keepSweeps, readSweeps, type Sweeps } from './sweeps-file.ts';

/** An image with the transformation that its report shows. */
interface Swept {
  readonly target: Target;
  readonly through: Transformation;
}

/** The verdicts around what a report shows. */
export interface Sweeper {
  /** @returns by index of the image */
  readonly sweep: (attack: string, images: readonly Swept[]) => Promise<Sweeps>;
  /** Keeps in the run folder what was asked about, and nothing else. */
  readonly keep: () => Promise<void>;
}

/**
 * Asks the model for the verdicts that the sliders of a report show, or takes them from the run folder where an earlier
 * report left them. A vote, whose answers are drawn, has none.
 */
export async function sweeperOf(
  { attacks, settings, vote, folder: { directory }, platform: { files } }: KeptRun,
  result: EvaluationResult,
  classifier: ReportClassifier,
): Promise<Sweeper> {
  const kept = await readSweeps(files, directory, result);
  const shown = new Map<number, Sweep>();
  const keep = (): Promise<void> => keepSweeps(files, directory, result, shown);
  if (vote !== undefined) return { sweep: async () => new Map(), keep };
  return {
    async sweep(attack, images) {
      const facts = attacks.find(({ name }) => name === attack);
      if (!readsAsRun(facts, settings)) return new Map();
      const box = restrictBox(settings.box, facts?.subset ?? 'full');
      const questions = images.map(({ target, through }) => ({ target, transformations: sweepThrough(box, through) }));
      const open = questions.filter(({ target, transformations }) => !isOf(kept.get(target.index), transformations));
      const measured = open.length === 0 ? [] : await classifier.ask((started) => measureSweeps(started, open));
      const fresh = new Map(open.map(({ target }, i) => [target.index, measured?.[i]]));
      for (const { target } of questions) {
        const sweep = fresh.has(target.index) ? fresh.get(target.index) : kept.get(target.index);
        if (sweep !== undefined) shown.set(target.index, sweep);
      }
      return shown;
    },
    keep,
  };
}

function isOf(sweep: Sweep | undefined, transformations: readonly Transformation[]): boolean {
  return (
    sweep?.length === transformations.length &&
    sweep.every(({ transformation }, i) => isSame(transformation, transformations[i]))
  );
}
