import type { HardenEvent } from '../../applications/harden/harden.ts';
import { visible } from '../../errors/visible.ts';
import { progressDisplay } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { trainingDisplay } from '../train/training-display.ts';
import { formatCount } from '../../notation/numbers.ts';

const STAGES = {
  before: 'Measuring the model as it is …',
  training: 'Training …',
  after: 'Measuring the hardened model …',
};

export interface HardeningDisplay {
  readonly listener: (event: HardenEvent) => void;
  /** Ends the live line, so that what is written next begins on its own. */
  end(): void;
}

/**
 * Shows a hardening on standard error: a line for each stage, and each stage's own progress.
 * @param quiet only warnings are told
 */
export function hardeningDisplay(terminal: Terminal, quiet: boolean): HardeningDisplay {
  const training = trainingDisplay(terminal);
  let evaluation = progressDisplay(terminal);
  const end = (): void => {
    training.end();
    evaluation.end();
  };
  return {
    end,
    listener(event) {
      if (quiet && event.kind !== 'warning') return;
      switch (event.kind) {
        case 'begin': {
          const { images, heldOut, testedOn, settings } = event;
          terminal.error(
            `${formatCount(images)} images to train on, ${formatCount(heldOut)} held out; measured on ${testedOn}\n` +
              `${settings.objective}, ${settings.epochs} ${settings.epochs === 1 ? 'epoch' : 'epochs'}, ` +
              `batches of ${settings.batch}, ` +
              `rotations up to ${settings.rotation}°, shifts up to ${settings.translation} px\n`,
          );
          return;
        }
        case 'stage':
          end();
          evaluation = progressDisplay(terminal);
          terminal.error(`${STAGES[event.stage]}\n`);
          return;
        case 'evaluation':
          return evaluation.listener(event.progress);
        case 'training':
          return training.listener(event.event);
        case 'note':
        case 'warning':
          end();
          terminal.error(`${event.kind === 'warning' ? 'Warning: ' : ''}${visible(event.text)}\n`);
      }
    },
  };
}
