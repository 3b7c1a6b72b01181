import type { ProgressEvent, ProgressListener } from '../evaluation/progress.ts';
import { duration, percent, rate } from './format.ts';
import type { Terminal } from './terminal.ts';

const LIVE_INTERVAL = 0.1;
const PLAIN_INTERVAL = 5;

export interface ProgressDisplay {
  readonly listener: ProgressListener;
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
      const line = describeProgress(event);
      if (terminal.live) terminal.rewrite(line.slice(0, terminal.columns - 1));
      else terminal.error(`${line}\n`);
      open = terminal.live;
    },
    end() {
      if (open) {
        terminal.error('\n');
        open = false;
      }
    },
  };
}

/** `120/300 images · 8.1 images/s · 3,012 evaluations/s · 0:22 left · natural 91.7 %, grid 9.2 %` */
export function describeProgress({
  done,
  total,
  doneBefore,
  evaluations,
  accuracy,
  elapsedSeconds,
}: ProgressEvent): string {
  const imagesPerSecond = elapsedSeconds > 0 ? (done - doneBefore) / elapsedSeconds : 0;
  const parts = [`${done}/${total} images`];
  if (imagesPerSecond > 0) {
    parts.push(`${rate(imagesPerSecond)} images/s`);
  }
  if (evaluations > 0 && elapsedSeconds > 0) {
    parts.push(`${rate(evaluations / elapsedSeconds)} evaluations/s`);
  }
  if (imagesPerSecond > 0) {
    parts.push(done < total ? `${duration((total - done) / imagesPerSecond)} left` : `${duration(elapsedSeconds)}`);
  }
  if (done > 0) {
    parts.push(
      Object.entries(accuracy)
        .map(([attack, value]) => `${attack} ${percent(value, 1)}`)
        .join(', '),
    );
  }
  return parts.join(' · ');
}
