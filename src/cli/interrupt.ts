/** Exit code of a command that a signal ended (128 + SIGINT). */
export const INTERRUPTED = 130;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that a first Ctrl-C asks to stop, through the signal that it is given, and that a second one ends at once.
 * @returns the exit code of the work, or 130 where it stopped by passing on the signal's error
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const ignoreSignals = (): void => SIGNALS.forEach((name) => process.off(name, onSignal));
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      // Not process.exit: it would unload ONNX Runtime under the worker threads that are inside it, which aborts with a
      // native error. Without our listener the signal itself ends the process, and the shell sees 130 for SIGINT all
      // the same.
      ignoreSignals();
      process.kill(process.pid, name);
      return;
    }
    controller.abort();
  };
  SIGNALS.forEach((name) => process.on(name, onSignal));
  try {
    return await work(controller.signal);
  } catch (error) {
    if (isInterruption(error, controller.signal)) {
      return INTERRUPTED;
    }
    throw error;
  } finally {
    ignoreSignals();
  }
}

/** Whether an error is but the signal's way to say that work was asked to stop. */
export function isInterruption(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error as Error | undefined)?.name === 'AbortError';
}
