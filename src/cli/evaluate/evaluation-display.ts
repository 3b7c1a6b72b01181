import type { EvaluationEvent } from '../../applications/evaluate/evaluation-event.ts';
import { visible } from '../../errors/visible.ts';
import { progressDisplay } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { downloadDisplay } from './download-display.ts';

export interface EvaluationDisplay {
  readonly listener: (event: EvaluationEvent) => void;
  /** Ends the live line, so that what is written next begins on its own. */
  end(): void;
}

/** Shows an evaluation on standard error. @param quiet only that it was stopped is told */
export function evaluationDisplay(terminal: Terminal, quiet: boolean): EvaluationDisplay {
  const progress = progressDisplay(terminal);
  const download = downloadDisplay(terminal);
  return {
    end: progress.end,
    listener(event) {
      if (event.kind === 'stopped') {
        const { done, total, folder, command } = event;
        progress.end();
        terminal.error(
          `Stopped after ${done} of ${total} images, which are kept in ${folder}.\n` +
            `The same command goes on from there: ${command}\n`,
        );
      } else if (!quiet) {
        if (event.kind === 'progress') progress.listener(event.progress);
        else if (event.kind === 'report') progress.say('making the report …');
        else if (event.kind === 'download') download(event.progress);
        else terminal.error(`${event.kind === 'warning' ? 'Warning: ' : ''}${visible(event.text)}\n`);
      }
    },
  };
}
