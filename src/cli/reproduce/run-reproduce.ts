import { ALL_ROWS, reproduction } from '../../applications/study/reproduce.ts';
import { runStudy } from '../../applications/study/run-study.ts';
import type { StudyState } from '../../applications/study/study-state.ts';
import { misuse } from '../../errors/error.ts';
import { nodePlatform } from '../../node/platform.ts';
import { SAVED_RESULTS } from '../../node/saved-results.ts';
import type { ReproduceOptions } from '../../options/reproduce-options.ts';
import type { Study } from '../../studies/study.ts';
import { INTERRUPTED } from '../interrupt.ts';
import { studyTable } from '../study/print-study.ts';
import { stoppedIn, withStudyDisplay } from '../study/show-study.ts';
import type { Terminal } from '../terminal.ts';

/**
 * @returns exit code
 * @throws misuse `unknown-table`, `unknown-row`, `missing-data`, `nothing-saved`, `nothing-shipped`
 */
export async function runReproduce(
  options: ReproduceOptions,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const run = reproduction(nodePlatform, options, { command, results: SAVED_RESULTS });
  const { study, out, work, quiet, save } = run;
  const tell = (line: string): void => {
    if (!quiet) terminal.error(`${line}\n`);
  };
  const begun = work === 'shipped' ? 'Measures what has no saved result' : `Trains and measures what is not in ${out}`;
  const outcome = await withStudyDisplay(terminal, quiet, (onEvent) =>
    runStudy(run, {
      signal,
      onEvent: (event) =>
        event.kind === 'begin' ? tell(`${begun} yet; ${printing(study)} prints what is saved.`) : onEvent(event),
    }),
  );
  if (outcome.kind === 'stopped') {
    terminal.error(stoppedIn(out));
    return INTERRUPTED;
  }
  if (outcome.kind === 'nothing') {
    if (!study.rows.some(({ published = [] }) => published.length > 0))
      throw misuse({
        code: 'nothing-saved',
        subject: out,
        problem: 'holds no finished run of this table, and none came with Gimbal.',
        advice: `To train and measure: ${redoing(study)}.`,
      });
    terminal.out(`${publishedTable(study, terminal)}\n`);
    tell(`Nothing of this table was measured yet. To train and measure: ${redoing(study)}.`);
    return 0;
  }
  const { state, path, written } = outcome;
  terminal.out(
    `${studyTable(state.report, terminal.live ? terminal.columns : undefined)}\n${notes(state)}Report: ${path}\n`,
  );
  if (work === 'nothing')
    tell(`Nothing was trained or measured: these are saved results. To redo them here: ${redoing(study)}.`);
  if (save !== undefined) tell(`${written} ${written === 1 ? 'file' : 'files'} written to ${save.folder}`);
  return 0;
}

/** What others published, alone. */
function publishedTable({ columns, rows }: Study, terminal: Terminal): string {
  const published = rows.map((row) => ({ row, cells: new Map() }));
  return studyTable({ columns, rows: published }, terminal.live ? terminal.columns : undefined);
}

function printing({ name, onRequest }: Study): string {
  return `gimbal reproduce ${name}${onRequest === true ? '' : ' --saved'}`;
}

function redoing({ name, onRequest, classifiers, given }: Study): string {
  const data = given === undefined ? '' : ' --data FOLDER';
  const rows = `--only ${classifiers[0].name} (or another row, or --only ${ALL_ROWS})`;
  return `gimbal reproduce ${name}${data}${onRequest === true ? ` ${rows}` : ''}`;
}

/** What is not in the table: rows, or the attacks of a row, that were not measured. */
function notes({ missing, leftOut, report }: StudyState): string {
  const rows = new Set(missing.map(({ row }) => row));
  const named = [...rows].map((row) =>
    report.rows.some((measured) => measured.row === row)
      ? `${row.title} (${missing
          .filter((one) => one.row === row)
          .flatMap(({ part }) => part.attacks)
          .join(', ')})`
      : row.title,
  );
  return [
    ...(named.length === 0 ? [] : [`Not measured yet: ${named.join(', ')}`]),
    ...leftOut.map((reason) => `Left out: ${reason}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
