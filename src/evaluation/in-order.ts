/** Works on up to `width` items at once and finishes them one after the other, in their order. */
export async function inOrder<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<() => Promise<void>>,
): Promise<void> {
  const running: Promise<() => Promise<void>>[] = [];
  try {
    for (const item of items) {
      const finishing = work(item);
      // Its turn to be waited for may come after it has failed, which Node would take for an error that nobody handles.
      finishing.catch(() => undefined);
      running.push(finishing);
      if (running.length >= width) await (await (running.shift() as Promise<() => Promise<void>>))();
    }
    while (running.length > 0) await (await (running.shift() as Promise<() => Promise<void>>))();
  } finally {
    // After a failure, what is still under way ends before the error is passed on.
    await Promise.allSettled(running);
  }
}
