import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { Input } from '../../ports/folders.ts';

/**
 * Refuses an output that is one of the inputs, by whatever name: through links of either kind, in other letters where
 * the file system does not tell them apart, or as `./x` for `x`.
 * @param option the one that names the output
 * @throws misuse `output-is-input`
 */
export async function refuseInputs(
  output: string,
  inputs: readonly Input[],
  option = optionWords('out'),
): Promise<void> {
  const there = await statOf(output);
  if (there === undefined) return;
  for (const { what, path } of inputs) {
    const input = await statOf(path);
    if (input === undefined || input.dev !== there.dev || input.ino !== there.ino) continue;
    throw misuse({
      code: 'output-is-input',
      subject: output,
      problem: `is ${what} itself${path === output ? '' : ` (${path})`}, which is never written over.`,
      advice: `Choose another ${option}.`,
    });
  }
}

/** BigInt: numbers of files may be larger than a double holds. */
function statOf(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined);
}
