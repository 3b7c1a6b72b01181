import { supervise } from './supervision/supervise.ts';

/** They read text alone: nothing native that could hold the process or end it. */
const LIGHT: ReadonlySet<string> = new Set(['recipes', 'difference', 'help']);

const asksForHelp = (argument: string): boolean => argument === '--help' || argument === '-h';

/** What `bin/gimbal.js` runs: commands that load native code in a process of their own, under a supervisor. */
export async function start(argv: readonly string[]): Promise<void> {
  if (usesNativeCode(argv)) {
    process.exitCode = await supervise(new URL('./supervision/command-process.js', import.meta.url), argv);
    return;
  }
  const { runHere } = await import('./run-here.ts');
  await runHere(argv);
}

/** Help, the version and what is no command are cheap, and need no second process. */
function usesNativeCode([command, ...rest]: readonly string[]): boolean {
  return command !== undefined && /^[a-z]/.test(command) && !LIGHT.has(command) && !rest.some(asksForHelp);
}
