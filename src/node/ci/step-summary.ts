import { appendFile, stat } from 'node:fs/promises';
import { readRegular } from '../data/regular-file.ts';
import type { Input } from '../../ports/folders.ts';
import { refuseInputs } from '../output/same-file.ts';

/** The variable by which GitHub Actions names the file whose Markdown it shows for a step. */
const STEP_SUMMARY = 'GITHUB_STEP_SUMMARY';

/**
 * Adds Markdown to the summary of a step, where there is one. What goes wrong is no fault of the run.
 * @param inputs what is never written over
 * @returns what went wrong, in a sentence
 */
export async function appendStepSummary(
  environment: Readonly<Record<string, string | undefined>>,
  report: string,
  inputs: readonly Input[],
): Promise<string | undefined> {
  const path = environment[STEP_SUMMARY];
  if (path === undefined || path === '') return undefined;
  try {
    const there = await stat(path).catch(() => undefined);
    // A pipe would wait for a reader.
    if (there !== undefined && !there.isFile()) throw new Error('is no file');
    await refuseInputs(path, inputs);
    await appendFile(path, `\n${(await readRegular(report)).toString()}`);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return (
      `The step summary (${STEP_SUMMARY}) was not written: ${path}: ${code ?? message}. The run is not touched by ` +
      'this.'
    );
  }
}
