import type { EvaluationEvent } from '../../applications/evaluate/evaluation-event.ts';
import { visible } from '../../errors/visible.ts';
import { progressDisplay } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { downloadDisplay } from './download-display.ts';

export interface EvaluationDisplay {
  readonly listener: (event: EvaluationEvent) => void;
  /** Tells those of the warnings that were not told before. */
  warn(warnings: readonly string[]): void;
  /** Ends the live line, so that what is written next begins on its own. */
  end(): void;
}

/** Shows an evaluation on standard error. @param quiet only warnings are told, and that it was stopped */
export function evaluationDisplay(terminal: Terminal, quiet: boolean): EvaluationDisplay {
  const progress = progressDisplay(terminal);
  const download = downloadDisplay(terminal);
  const told = new Set<string>();
  const warn = (warnings: readonly string[]): void => {
    for (const warning of warnings) {
      if (told.has(warning)) continue;
      told.add(warning);
      progress.end();
      terminal.error(`Warning: ${visible(warning)}\n`);
    }
  };
  return {
    warn,
    end: progress.end,
    listener(event) {
      if (event.kind === 'stopped') {
        const { done, total, folder, command } = event;
        progress.end();
        terminal.error(
          `Stopped after ${done} of ${total} images, which are kept in ${folder}.\n` +
            `The same command goes on from there: ${command}\n`,
        );
      } else if (event.kind === 'warning') {
        warn([event.text]);
      } else if (!quiet) {
        if (event.kind === 'progress') progress.listener(event.progress);
        else if (event.kind === 'report') progress.say('making the report …');
        else if (event.kind === 'download') download(event.progress);
        else terminal.error(`${visible(event.text)}\n`);
      }
    },
  };
}
