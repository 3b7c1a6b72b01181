import { type Check, type WeakClass, weakClasses } from '../../applications/evaluate/checks.ts';
import { inputsOf } from '../../applications/evaluate/kept-run.ts';
import type { KeptRun } from '../../applications/evaluate/run.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { writeJUnitFile } from '../../node/ci/junit-file.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { JUnitCase } from '../../report/junit/render-junit.ts';

/** The report of `--junit`. Without that option nothing is written. */
export interface JUnitReport {
  finished(run: KeptRun, result: EvaluationResult, checks: readonly Check[], fault?: string): Promise<void>;
  /** The run has nothing to do, or failed. */
  ended(outcome?: JUnitCase['outcome']): Promise<void>;
}

const EVALUATION = 'evaluation';

/**
 * Begins the report: until the run ends it says that the run did not, so that a killed one leaves no other's report.
 * @throws misuse where the file may not be written
 */
export async function junitReport(options: EvaluateOptions): Promise<JUnitReport> {
  const { junit, model, data } = options;
  const write = async (name: string, cases: readonly JUnitCase[], seconds = 0): Promise<void> => {
    if (junit !== undefined) await writeJUnitFile(junit, inputsOf(options), { name, cases, seconds });
  };
  const ended = (outcome?: JUnitCase['outcome']): Promise<void> =>
    write(`${model} on ${data}`, [{ name: EVALUATION, outcome }]);
  await ended({ kind: 'error', message: 'The evaluation did not end.' });
  return {
    ended,
    async finished(run, result, checks, fault) {
      if (junit === undefined) return;
      const weak = await weakClasses(
        run.folder.journal.records(),
        result,
        options.failUnder ?? {},
        run.source.classNames,
      );
      const cases = [
        ...(fault === undefined ? [] : [{ name: EVALUATION, outcome: { kind: 'error', message: fault } } as const]),
        ...checks.flatMap((check) => casesOf(check, weak)),
      ];
      // Readers take a suite without cases for a mistake.
      const told = cases.length === 0 ? [{ name: EVALUATION }] : cases;
      await write(`${result.model.name} on ${result.data.name}`, told, result.seconds);
    },
  };
}

/**
 * A threshold, and the classes that are below it by themselves. Where all images together reach it these do not fail,
 * as the command does not.
 */
function casesOf({ demand, failure, gate }: Check, weak: ReadonlyMap<string, readonly WeakClass[]>): JUnitCase[] {
  const classes = gate === undefined ? [] : (weak.get(gate.attack) ?? []);
  return [
    { name: demand, ...(failure === undefined ? {} : { outcome: { kind: 'failure', message: failure } }) },
    ...classes.map(({ attack, name, right }): JUnitCase => {
      const told = `${right} of ${name} are right under ${attack}`;
      return {
        name: `${name}: ${demand}`,
        outcome:
          failure === undefined
            ? { kind: 'skipped', message: `${told}; all classes together reach it.` }
            : { kind: 'failure', message: `${told}.` },
      };
    }),
  ];
}
