import { join } from 'node:path';
import { trainByOptions } from '../../applications/train/request.ts';
import { TRAINING_REPORT_FILE } from '../../applications/train/training-files.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { TrainOptions } from '../../options/train-options.ts';
import { INTERRUPTED } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';
import { trainingDisplay } from './training-display.ts';
import { plainPercent } from '../../notation/numbers.ts';

/** Trains and says where the model is. @returns exit code */
export async function runTraining(
  options: TrainOptions,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { out, quiet } = options;
  const display = trainingDisplay(terminal);
  try {
    const onEvent = quiet ? undefined : display.listener;
    const { model, metrics } = await trainByOptions(nodePlatform, options, { command, signal, onEvent });
    display.end();
    if (metrics.length > 0 && !quiet) terminal.error(`Report: ${join(out, TRAINING_REPORT_FILE)}\n`);
    if (model === undefined) {
      terminal.error(`Stopped. The same command goes on from there: ${command}\n`);
      return INTERRUPTED;
    }
    const last = metrics.at(-1);
    if (last?.natural !== undefined && last.worstOf10 !== undefined) {
      terminal.out(
        `natural ${plainPercent(last.natural, 1)}, worst of 10 ${plainPercent(last.worstOf10, 1)} on ${last.heldOut} ` +
          `held-out training images\n`,
      );
    }
    terminal.out(`${model}\n`);
    return 0;
  } finally {
    display.end();
  }
}
