/** Exit code of a command that a signal ended (128 + SIGINT). */
export const INTERRUPTED = 130;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that a first Ctrl-C asks to stop, through the signal that it is given, and that a second one ends at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      process.exit(INTERRUPTED);
    }
    controller.abort();
  };
  SIGNALS.forEach((name) => process.on(name, onSignal));
  try {
    return await work(controller.signal);
  } finally {
    SIGNALS.forEach((name) => process.off(name, onSignal));
  }
}
