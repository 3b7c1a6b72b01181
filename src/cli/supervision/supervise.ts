import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ENDING_SIGNALS, type EndingSignal, exitCodeOf, isEndingSignal } from '../ending-signals.ts';
import { FAILED } from '../exit-codes.ts';
import { processTerminal, type Terminal } from '../terminal.ts';
import { SUPERVISOR } from './channel.ts';
import type { FromCommand, ToCommand } from './messages.ts';

/**
 * Milliseconds in which a second signal is the first once more: npm passes on the Ctrl-C that the terminal gave to
 * both.
 */
const SAME_SIGNAL = 200;

/** Milliseconds until a command that does not stop when asked is ended: what it tells may be on its way. */
const AT_ONCE = 100;

/** Milliseconds that a process which is done may take to leave: threads inside native code never do. */
const LEAVING = 1000;

/**
 * Runs a command in a process of its own, on the same terminal, and waits for its end. What happens inside native code
 * then cannot keep the command from ending: a first signal asks it to stop and a second one ends it at once, and of a
 * fault that ends the whole process one line is told.
 *
 * @param script what the process runs: it joins this supervisor (`joinSupervisor`)
 * @returns exit code of the command; 130, 143 or 129 where a signal ended it
 */
export async function supervise(script: URL, argv: readonly string[], terminal?: Terminal): Promise<number> {
  const child = spawn(process.execPath, [...flagsOfNode(), fileURLToPath(script), ...argv], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      [SUPERVISOR]: String(process.pid),
      // Node's threads for files, on which images are decoded too: four, however many cores there are.
      UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? String(Math.max(4, availableParallelism())),
    },
  });
  let asked: { readonly signal: EndingSignal; readonly at: number } | undefined;
  let patience = AT_ONCE;
  let told: number | undefined;
  let deadline: NodeJS.Timeout | undefined;
  const end = (): void => void child.kill('SIGKILL');
  const endAfter = (milliseconds: number): void => {
    clearTimeout(deadline);
    deadline = setTimeout(end, milliseconds);
  };

  const onSignal = (signal: EndingSignal): void => {
    if (asked === undefined) {
      asked = { signal, at: performance.now() };
      // Whatever fails here fails because the process is gone.
      child.send({ stop: signal } satisfies ToCommand, () => undefined);
      endAfter(patience);
    } else if (performance.now() - asked.at > SAME_SIGNAL) end();
  };
  ENDING_SIGNALS.forEach((name) => process.on(name, onSignal));
  child.on('message', (message: FromCommand) => {
    if (message.kind === 'stoppable') patience = message.patience;
    if (message.kind === 'stopping') clearTimeout(deadline);
    if (message.kind !== 'ended') return;
    told = message.exitCode;
    endAfter(LEAVING);
  });

  try {
    const { code, signal } = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
      (resolve, reject) => {
        child.on('error', reject);
        child.on('exit', (code, signal) => resolve({ code, signal }));
      },
    );
    if (told !== undefined) return told;
    if (asked !== undefined) return exitCodeOf(asked.signal);
    if (isEndingSignal(signal)) return exitCodeOf(signal);
    if (signal === null && code !== null && code <= 255) return code;
    (terminal ?? processTerminal()).error(`gimbal: ${describeDeath(signal, code)}\n`);
    return FAILED;
  } finally {
    clearTimeout(deadline);
    ENDING_SIGNALS.forEach((name) => process.off(name, onSignal));
  }
}

/**
 * Those of this process, such as --max-old-space-size. A program given with -e would run in place of the script, again
 * and again.
 */
function flagsOfNode(flags: readonly string[] = process.execArgv): readonly string[] {
  return flags.some((flag) => /^(-\w*[ep]\w*|--eval|--print|--input-type)(=|$)/.test(flag)) ? [] : flags;
}

/** @param code of Windows, which has no signals: 0xC0000005 and its like */
function describeDeath(signal: NodeJS.Signals | null, code: number | null): string {
  const kept = 'What was finished is kept, and the same command goes on after it.';
  if (signal === 'SIGKILL')
    return (
      `the process of the command was killed (SIGKILL), as systems do when memory runs out. ${kept} If it was ` +
      'memory, use fewer --threads or a smaller --batch.'
    );
  const told = signal ?? `0x${(code ?? 0).toString(16)}`;
  return (
    `the process of the command was ended by ${told}: a fault inside native code, most likely of ONNX Runtime in ` +
    `running the model. ${kept} If it happens again, export the model anew, if need be with another opset.`
  );
}
