import { report } from './errors.ts';
import { main } from './main.ts';
import { tell } from './supervision/channel.ts';
import { processTerminal } from './terminal.ts';

/**
 * Runs the command as the work of this process, and decides on its exit code. Nothing that goes wrong shows a stack.
 */
export async function runHere(argv: readonly string[]): Promise<void> {
  const terminal = processTerminal();
  const finish = async (code: number): Promise<void> => {
    process.exitCode = await terminal.finish(code);
    await tell({ kind: 'ended', exitCode: process.exitCode });
  };
  process.once('uncaughtException', (error) => {
    void finish(report(error, terminal, argv.includes('--debug'))).then(() => process.exit());
  });
  await finish(await main(argv, terminal));
}
