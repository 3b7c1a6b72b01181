import type { ProgressEvent, ProgressListener } from '../evaluation/progress.ts';
import type { Terminal } from './terminal.ts';
import { formatClock, formatRate, plainPercent } from '../notation/numbers.ts';

const LIVE_INTERVAL = 0.1;
const PLAIN_INTERVAL = 5;

export interface ProgressDisplay {
  readonly listener: ProgressListener;
  /** Shows what is done behind the progress that was shown. */
  say(text: string): void;
  /** Ends the live line, so that what is written next begins on its own. */
  end(): void;
}

/** Shows progress on standard error: one line written over on a terminal, a line every few seconds elsewhere. */
export function progressDisplay(terminal: Terminal): ProgressDisplay {
  let shownAt = -Infinity;
  let open = false;
  const interval = terminal.live ? LIVE_INTERVAL : PLAIN_INTERVAL;
  return {
    listener(event) {
      if (event.elapsedSeconds - shownAt < interval && event.done < event.total) {
        return;
      }
      shownAt = event.elapsedSeconds;
      if (terminal.live) terminal.rewrite(describeProgress(event, terminal.columns - 1));
      else terminal.error(`${describeProgress(event)}\n`);
      open = terminal.live;
    },
    say(text) {
      if (open) terminal.endLine();
      if (terminal.live) terminal.rewrite(text);
      else terminal.error(`${text}\n`);
      open = terminal.live;
    },
    end() {
      if (open) {
        terminal.endLine();
        open = false;
      }
    },
  };
}

const CELLS = 12;
const EIGHTHS = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `█████▍      ` */
function bar(fraction: number): string {
  const eighths = Math.round(8 * CELLS * Math.min(1, Math.max(0, fraction)));
  const whole = Math.floor(eighths / 8);
  return `${'█'.repeat(whole)}${whole < CELLS ? EIGHTHS[eighths % 8] : ''}`.padEnd(CELLS);
}

/**
 * `42 % · 126/300 images · 0:22 left · natural 91.7 %, grid 9.2 % · 3,012 evaluations/s`: the parts from the most
 * telling on, as many as fit.
 *
 * @param columns that the line may take; a bar comes first where there are such
 */
export function describeProgress(event: ProgressEvent, columns?: number): string {
  const { done, total, doneBefore, evaluations, remaining, accuracy, elapsedSeconds } = event;
  const over = done >= total;
  const passes = elapsedSeconds > 0 ? evaluations / elapsedSeconds : 0;
  // Of this part of the run; what earlier parts did is done.
  const part = over ? 1 : remaining === undefined ? undefined : evaluations / Math.max(1, evaluations + remaining);
  const fraction = part === undefined ? undefined : (doneBefore + (total - doneBefore) * part) / total;
  const percentDone =
    fraction === undefined ? '' : `${over ? 100 : Math.min(99, Math.floor(100 * fraction))} %`.padStart(5);
  const drawn = columns === undefined ? percentDone.trim() : `${bar(fraction ?? 0)} ${percentDone}`;
  const time = over
    ? formatClock(elapsedSeconds)
    : remaining !== undefined && passes > 0
      ? `${formatClock(remaining / passes)} left`
      : `${formatClock(elapsedSeconds)} so far`;
  const parts = [
    drawn,
    `${done}/${total} images`,
    time,
    ...(done > 0
      ? [
          Object.entries(accuracy)
            .map(([attack, value]) => `${attack} ${plainPercent(value, 1)}`)
            .join(', '),
        ]
      : []),
    ...(passes > 0 ? [`${formatRate(passes)} evaluations/s`] : []),
  ].filter((text) => text !== '');
  return parts.reduce((line, text) => {
    const longer = line === '' ? text : `${line} · ${text}`;
    return columns !== undefined && longer.length > columns ? line : longer;
  }, '');
}
