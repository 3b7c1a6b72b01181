import { mergeOn } from '../../applications/merge/merge.ts';
import { resultText } from '../../applications/evaluate/run-files.ts';
import { misuse } from '../../errors/error.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { MergeOptions } from '../../options/merge-options.ts';
import { evaluationDisplay } from '../evaluate/evaluation-display.ts';
import { printResult } from '../evaluate/print-result.ts';
import { INTERRUPTED } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';
import { showShards } from './show-shards.ts';
import { formatCount } from '../../notation/numbers.ts';

/** Watches, merges and prints. @returns exit code */
export async function runMerge(options: MergeOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const { folders, out, partial, watch, model, data, json, quiet } = options;
  if (out === undefined && !watch) {
    throw misuse({
      code: 'malformed-option',
      subject: '--out',
      problem: 'is missing.',
      advice: 'Give the folder for the whole evaluation, or --watch to see how far the shards are.',
    });
  }
  if (watch && !(await showShards(nodePlatform, folders, terminal, { signal, quiet }))) return INTERRUPTED;
  if (out === undefined) return 0;
  const tell = (line: string): void => {
    if (terminal.live) terminal.rewrite(line.slice(0, terminal.columns - 1));
  };
  try {
    await mergeOn(
      nodePlatform,
      { folders, out, partial, model, data },
      {
        signal,
        onEvent(event) {
          if (quiet) return;
          if (event.kind === 'progress')
            tell(`merging: ${formatCount(event.images)}/${formatCount(event.total)} images`);
          else tell('writing the report');
        },
      },
      async (run, result) => {
        tell('');
        evaluationDisplay(terminal, quiet).warn(result.warnings);
        if (json) terminal.out(resultText(result));
        if (!quiet) printResult(run, { result }, json ? (text) => terminal.error(text) : (text) => terminal.out(text));
      },
    );
    return 0;
  } finally {
    if (!quiet) tell('');
  }
}
