import { visible } from '../../errors/visible.ts';
import type { Standing, TrainingEvent } from '../../training/run/metrics.ts';
import type { Terminal } from '../terminal.ts';
import { formatClock, formatCount, formatRate, plainPercent } from '../../notation/numbers.ts';

const LIVE_SECONDS = 0.2;
const PLAIN_SECONDS = 10;

export interface TrainingDisplay {
  readonly listener: (event: TrainingEvent) => void;
  /** Ends the live line, so that what is written next begins on its own. */
  end(): void;
}

/**
 * Shows a run on standard error: a line for each epoch, and between them one written over, or one every ten seconds
 * elsewhere.
 */
export function trainingDisplay(terminal: Terminal): TrainingDisplay {
  let shownAt = -Infinity;
  let open = false;
  const end = (): void => {
    if (open) terminal.rewrite('');
    open = false;
  };
  const lasting = (line: string): void => {
    end();
    terminal.error(`${line}\n`);
  };
  return {
    end,
    listener(event) {
      if (event.kind === 'checkpoint') return;
      if (event.kind !== 'step') {
        lasting(describe(event));
        return;
      }
      const now = performance.now() / 1000;
      if (now - shownAt < (terminal.live ? LIVE_SECONDS : PLAIN_SECONDS)) return;
      shownAt = now;
      const line = describe(event);
      if (terminal.live) terminal.rewrite(line.slice(0, terminal.columns - 1));
      else terminal.error(`${line}\n`);
      open = terminal.live;
    },
  };
}

function describe(event: Exclude<TrainingEvent, { kind: 'checkpoint' }>): string {
  switch (event.kind) {
    case 'start': {
      const from = event.resumedAt > 0 ? `, going on at update ${formatCount(event.resumedAt)}` : '';
      return (
        `${formatCount(event.parameters)} parameters, ${formatCount(event.images)} training images, ` +
        `${formatCount(event.steps)} updates in ${event.epochs} ${event.epochs === 1 ? 'epoch' : 'epochs'}${from}`
      );
    }
    case 'step':
      return (
        `epoch ${event.epoch} · update ${formatCount(event.step)}/${formatCount(event.steps)} ` +
        `· loss ${event.loss.toFixed(4)} · ${formatRate(event.imagesPerSecond)} images/s ` +
        `· ${formatClock(event.secondsLeft)} left`
      );
    case 'epoch': {
      const { epoch, loss, seconds, imagesPerSecond } = event.metrics;
      return (
        `epoch ${epoch}/${event.epochs} · loss ${loss.toFixed(4)}${heldOutWords(event.metrics)} ` +
        `· ${formatRate(imagesPerSecond)} images/s · ${formatClock(seconds)}`
      );
    }
    case 'baseline':
      return event.natural === undefined ? 'nothing is held out' : `at the start${heldOutWords(event)}`;
    case 'between':
      return `${plainPercent(event.share)} of the way from the start to epoch ${event.epoch}${heldOutWords(event)}`;
    case 'notice':
      return visible(event.text);
  }
}

/** What follows a word on where the network stands; nothing where nothing is held out. */
function heldOutWords({ natural, worstOf10 }: Standing): string {
  if (natural === undefined || worstOf10 === undefined) return '';
  return ` · held out: natural ${plainPercent(natural)}, worst of 10 ${plainPercent(worstOf10)}`;
}
