import { main } from '../cli/main.ts';
import { recordingTerminal } from './terminal.ts';

/** What a command left behind: its exit code, and what it wrote to standard output and standard error. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a command line in this process, without `gimbal` itself. */
export async function gimbal(...argv: readonly string[]): Promise<Said> {
  const terminal = recordingTerminal();
  const code = await main(argv, terminal);
  return { code, ...terminal.written };
}
