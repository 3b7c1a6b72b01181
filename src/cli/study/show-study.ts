import { describeStage } from '../../applications/study/stages.ts';
import type { StudyEvent, StudyPlace } from '../../applications/study/study-event.ts';
import { evaluationDisplay } from '../evaluate/evaluation-display.ts';
import { type Terminal, withPrefix } from '../terminal.ts';
import { trainingDisplay } from '../train/training-display.ts';
import { formatClock } from '../../notation/numbers.ts';

/** Shows what a study tells while it is at work. */
export async function withStudyDisplay<T>(
  terminal: Terminal,
  quiet: boolean,
  work: (onEvent: (event: StudyEvent) => void) => Promise<T>,
): Promise<T> {
  const display = studyDisplay(terminal, quiet);
  try {
    return await work(display.listener);
  } finally {
    display.end();
  }
}

/** What is printed of a study that was asked to stop. */
export function stoppedIn(folder: string): string {
  return `Stopped. Everything so far is kept in ${folder}; the same command goes on from there.\n`;
}

interface StudyDisplay {
  readonly listener: (event: StudyEvent) => void;
  /** Ends the live line, so that what is written next begins on its own. */
  end(): void;
}

/** Shows a study on standard error, each line behind how far the whole is: `[2/5 · 3:10 left in all] …`. */
function studyDisplay(terminal: Terminal, quiet: boolean): StudyDisplay {
  let place: StudyPlace = { stage: 1, stages: 1 };
  const prefixed = withPrefix(terminal, () => describePlace(place));
  const training = trainingDisplay(prefixed);
  let evaluation = evaluationDisplay(prefixed, quiet);
  const end = (): void => {
    training.end();
    evaluation.end();
  };
  return {
    end,
    listener(event) {
      place = event.place;
      if (event.kind === 'evaluation') return evaluation.listener(event.event);
      if (event.kind === 'stage') {
        end();
        evaluation = evaluationDisplay(prefixed, quiet);
        if (!quiet) prefixed.error(`${describeStage(event.stage)}\n`);
      } else if (event.kind === 'shortened') {
        end();
        terminal.error(describeShortened(event));
      } else if (!quiet) training.listener(event.event);
    },
  };
}

function describeShortened({ seconds, images }: Extract<StudyEvent, { kind: 'shortened' }>): string {
  return (
    `This machine would take ${formatClock(seconds)} for all: each row is attacked on ${images} images, ` +
    'so that it takes less. --limit N attacks N.\n'
  );
}

function describePlace({ stage, stages, secondsLeft }: StudyPlace): string {
  return `[${stage}/${stages}${secondsLeft === undefined ? '' : ` · ${formatClock(secondsLeft)} left in all`}] `;
}
