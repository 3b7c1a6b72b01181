import { ENDING_SIGNALS, type EndingSignal, exitCodeOf } from './ending-signals.ts';
import { isSupervised, onStop, tell } from './supervision/channel.ts';

/** What work returns that was stopped; the exit code of the command tells by which signal. */
export const INTERRUPTED = 130;

/** Milliseconds until work notices that it shall stop: its native code runs in other threads. */
const PATIENCE = 5000;

/**
 * Of training, whose updates run in the main thread: a large one can take this long, and what it is part of is not to
 * be lost.
 */
export const TRAINING_PATIENCE = 60_000;

/**
 * Runs work that a first Ctrl-C, SIGTERM or SIGHUP asks to stop, through the signal that it is given, and that a second
 * one ends at once.
 * @returns the exit code of the work; where it stopped, by returning `INTERRUPTED` or passing on the signal's error,
 * 130, 143 or 129
 */
export async function interruptible(
  work: (signal: AbortSignal) => Promise<number>,
  patience: number = PATIENCE,
): Promise<number> {
  const controller = new AbortController();
  let received: EndingSignal | undefined;
  const ignoreSignals = (): void => ENDING_SIGNALS.forEach((name) => process.off(name, onSignal));
  const onSignal = (name: EndingSignal): void => {
    void tell({ kind: 'stopping' });
    if (received === undefined) {
      received = name;
      controller.abort();
    } else if (!isSupervised()) {
      // Not process.exit: it would wait for threads inside ONNX Runtime. Without our listener the signal itself ends
      // the process.
      ignoreSignals();
      process.kill(process.pid, name);
    }
  };
  ENDING_SIGNALS.forEach((name) => process.on(name, onSignal));
  const ignoreStop = onStop(onSignal);
  void tell({ kind: 'stoppable', patience });
  const stopped = (): number => (received === undefined ? INTERRUPTED : exitCodeOf(received));
  try {
    const code = await work(controller.signal);
    return code === INTERRUPTED ? stopped() : code;
  } catch (error) {
    if (isInterruption(error, controller.signal)) return stopped();
    throw error;
  } finally {
    ignoreSignals();
    ignoreStop();
  }
}

/** Whether an error is but the signal's way to say that work was asked to stop. */
function isInterruption(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error as Error | undefined)?.name === 'AbortError';
}
