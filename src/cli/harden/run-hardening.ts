import { join } from 'node:path';
import { defaultHardeningFolder, hardenModel, type HardenResult } from '../../applications/harden/harden.ts';
import { hardeningText } from '../../applications/harden/result.ts';
import { nodePlatform } from '../../node/platform.ts';
import { MODEL_FILE } from '../../applications/train/training-files.ts';
import type { HardenOptions } from '../../options/harden-options.ts';
import { changeRows, verdict } from '../../report/hardening/hardening-report.ts';
import { INTERRUPTED } from '../interrupt.ts';
import { changesTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { hardeningDisplay } from './hardening-display.ts';
import { formatClock, formatCount } from '../../notation/numbers.ts';

/** Hardens, shows progress, and tells what came of it. @returns exit code */
export async function runHardening(
  options: HardenOptions,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const out = options.out ?? defaultHardeningFolder(nodePlatform, options);
  const display = hardeningDisplay(terminal, options.quiet);
  let result: HardenResult | undefined;
  try {
    result = await hardenModel(nodePlatform, { ...options, out }, { command, signal, onEvent: display.listener });
  } finally {
    display.end();
  }
  if (result === undefined) {
    terminal.error(`Stopped; what was done is kept in ${out}.\nThe same command goes on from there: ${command}\n`);
    return INTERRUPTED;
  }
  if (options.json) terminal.out(hardeningText(result));
  if (!options.quiet) (options.json ? terminal.error : terminal.out).call(terminal, describe(result, out));
  return 0;
}

function describe(result: HardenResult, out: string): string {
  const rows = changeRows(result).map(({ before, after, ...row }) => ({
    ...row,
    before: before.accuracy,
    after: after.accuracy,
  }));
  const { model, test, data } = result;
  const labels = data.labels === 'none' ? ', without labels' : '';
  return `${[
    `${model.name} hardened on ${formatCount(data.images)} images of ${data.name}${labels}; ` +
      `measured on ${formatCount(test.n)} images of ${test.name}`,
    '',
    changesTable(['before %', 'after %'], rows),
    '',
    verdict(result),
    `It took ${formatClock(result.seconds)}.`,
    `Model: ${join(out, MODEL_FILE)}`,
    `Report: ${join(out, 'report.html')}`,
  ].join('\n')}\n`;
}
