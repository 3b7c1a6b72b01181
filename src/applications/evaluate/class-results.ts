import type { ImageSource } from '../../data/source.ts';
import type { Journal } from '../../evaluation/journal.ts';
import type { ClassResult, ClassResults, EvaluationResult } from '../../evaluation/records.ts';
import { type ClassTally, tallyClasses } from '../../evaluation/tally-classes.ts';
import { worstAttack } from '../../report/headline.ts';
import type { ReportSetting } from '../../report/report-input.ts';
import { toTuple } from '../../transform/transformation.ts';

/** What a result says of the classes. */
export async function classResults(
  result: EvaluationResult,
  journal: Pick<Journal, 'records'>,
  { classNames }: ImageSource,
  setting: ReportSetting,
): Promise<{ readonly classes?: ClassResults }> {
  const worst = worstAttack({ result, setting });
  if (worst === undefined) return {};
  const tallies = await tallyClasses(journal.records(), worst.name, setting.box);
  return { classes: { attack: worst.name, byLabel: tallies.map((tally) => toResult(tally, classNames)) } };
}

function toResult({ label, n, natural, robust, confusion }: ClassTally, names?: readonly string[]): ClassResult {
  const named = (of: number): { readonly name?: string } => (names?.[of] === undefined ? {} : { name: names[of] });
  return {
    label,
    ...named(label),
    n,
    natural,
    robust,
    ...(confusion === undefined
      ? {}
      : {
          confusion: {
            predicted: confusion.predicted,
            ...named(confusion.predicted),
            n: confusion.n,
            ...(confusion.transformation === undefined ? {} : { transformation: toTuple(confusion.transformation) }),
          },
        }),
  };
}
