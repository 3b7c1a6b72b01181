import type { StoryOptions } from '../../options/story-options.ts';
import { story } from '../../studies/story.ts';
import { runStudy, type StudyRun } from '../../applications/study/run-study.ts';
import { nodePlatform } from '../../node/platform.ts';
import { shellCommand } from '../../options/shell-command.ts';
import { stoppedIn, withStudyDisplay } from '../study/show-study.ts';
import { studyTable } from '../study/print-study.ts';
import { INTERRUPTED } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';

/** Options, with what has no fixed default filled in. */
export interface StoryFlags extends StoryOptions {
  readonly threads: number;
}

/**
 * @param smaller the story on other data, cut down: what tests tell
 * @returns exit code
 */
export async function runStory(
  { limit, out, threads, quiet }: StoryFlags,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
  smaller: Partial<Pick<StudyRun, 'data' | 'changes' | 'limit'>> = {},
): Promise<number> {
  const run: StudyRun = {
    platform: nodePlatform,
    study: story,
    limit,
    out,
    threads,
    quiet,
    command,
    only: [],
    changes: [],
    work: 'train',
    ...smaller,
  };
  const outcome = await withStudyDisplay(terminal, quiet, (onEvent) =>
    runStudy(run, {
      signal,
      onEvent(event) {
        if (event.kind !== 'begin') onEvent(event);
        else if (!quiet) terminal.error(`${INTRODUCTION}\n`);
      },
    }),
  );
  if (outcome.kind !== 'told') {
    terminal.error(stoppedIn(out));
    return INTERRUPTED;
  }
  const { state, path } = outcome;
  const view = viewCommand(run);
  terminal.out(
    `${studyTable(state.report, terminal.live ? terminal.columns : undefined)}\nReport: ${path}\nTurn the ` +
      `pictures by hand: ${view}\n`,
  );
  return 0;
}

/** What opens the story's classifiers side by side on its page. */
function viewCommand({ platform: { files }, study, out, data = study.data }: StudyRun): string {
  const models = study.classifiers.map(({ name }) => files.join(out, name));
  // `npm start` puts no command on the path.
  const prefix = process.env.npm_lifecycle_event === undefined ? '' : 'npx ';
  return `${prefix}${shellCommand(['view', ...models, '--data', data])}`;
}

const INTRODUCTION =
  'A standard and a robust classifier of printed characters, trained here and now, against small rotations and shifts.';
