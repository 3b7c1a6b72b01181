import type { StoryOptions } from '../../options/story-options.ts';
import { story } from '../../studies/story.ts';
import { studyState } from '../../applications/study/study-state.ts';
import { nodePlatform } from '../../node/platform.ts';
import { shellCommand } from '../../options/shell-command.ts';
import { showStudy } from '../study/show-study.ts';
import { studyTable } from '../study/print-study.ts';
import type { StudyRequest } from '../../applications/study/study-request.ts';
import { claimStudyFolder, writeStudy } from '../../applications/study/write-study.ts';
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
  smaller: Partial<Pick<StudyRequest, 'data' | 'changes' | 'limit'>> = {},
): Promise<number> {
  const request: StudyRequest = {
    platform: nodePlatform,
    study: story,
    data: story.data,
    limit,
    out,
    threads,
    quiet,
    command,
    only: [],
    changes: [],
    ...smaller,
  };
  await claimStudyFolder(request);
  if (!quiet) terminal.error(`${INTRODUCTION}\n`);
  const finished = await showStudy(request, terminal, signal);
  const state = finished ? await studyState(request, signal) : undefined;
  if (state === undefined) {
    terminal.error(`Stopped. Everything so far is kept in ${out}; the same command goes on from there.\n`);
    return INTERRUPTED;
  }
  const path = await writeStudy(nodePlatform, out, state.report);
  const view = viewCommand(request);
  terminal.out(
    `${studyTable(state.report, terminal.live ? terminal.columns : undefined)}\nReport: ${path}\nTurn the pictures by hand: ${view}\n`,
  );
  return 0;
}

/** What opens the story's classifiers side by side on its page. */
function viewCommand({ platform: { files }, study, out, data }: StudyRequest): string {
  const models = study.classifiers.map(({ name }) => files.join(out, name));
  // `npm start` puts no command on the path.
  const prefix = process.env.npm_lifecycle_event === undefined ? '' : 'npx ';
  return `${prefix}${shellCommand(['view', ...models, '--data', data])}`;
}

const INTRODUCTION =
  'A standard and a robust classifier of printed characters, trained here and now, against small rotations and shifts.';
