interface Job<T> {
  readonly promise: Promise<T>;
  /**
   * Reads that wait for it. A job that is in line but that nobody waits for is dropped when it falls out of the window.
   */
  waiting: number;
  dropped: boolean;
}

/**
 * Loads items by position, several at once, and goes on with those that will be asked for next while the caller
 * works. At most the items of the latest read and those ahead of it are held.
 */
export class ReadAhead<T> {
  readonly #load: (position: number) => Promise<T>;
  readonly #length: number;
  readonly #parallel: number;
  readonly #jobs = new Map<number, Job<T>>();
  readonly #line: (() => Promise<void>)[] = [];
  #running = 0;

  /**
   * @param length number of items; nothing is loaded past it
   * @param parallel loads under way at once
   */
  constructor(load: (position: number) => Promise<T>, length: number, parallel: number) {
    this.#load = load;
    this.#length = length;
    this.#parallel = parallel;
  }

  /**
   * The items in the order of `positions`; rejects with the error of the first that failed to load.
   * @param ahead what is loaded while the caller works on them. Default: as many items after them
   */
  async read(positions: readonly number[], ahead: readonly number[] = this.#following(positions)): Promise<T[]> {
    const window = new Set([...positions, ...ahead]);
    for (const [position, job] of this.#jobs) {
      if (window.has(position)) continue;
      job.dropped = true;
      this.#jobs.delete(position);
    }
    const asked = positions.map((position) => this.#job(position));
    for (const job of asked) job.waiting++;
    for (const position of ahead) this.#job(position);
    try {
      const items: T[] = [];
      for (const job of asked) items.push(await job.promise);
      return items;
    } finally {
      for (const job of asked) job.waiting--;
    }
  }

  /** Drops what is in line; what is under way runs out unseen. */
  close(): void {
    for (const job of this.#jobs.values()) job.dropped = true;
    this.#jobs.clear();
  }

  #following(positions: readonly number[]): number[] {
    const last = positions.at(-1);
    if (last === undefined || positions.some((position, at) => at > 0 && position <= positions[at - 1])) return [];
    // What lies far apart is a choice of some images: the next ones are not those that follow.
    if (last - positions[0] >= 2 * positions.length) return [];
    const count = Math.min(positions.length, this.#length - 1 - last);
    return Array.from({ length: count }, (_, at) => last + 1 + at);
  }

  #job(position: number): Job<T> {
    const known = this.#jobs.get(position);
    if (known !== undefined) return known;
    const { promise, resolve, reject } = deferred<T>();
    promise.catch(() => {}); // Whoever reads the position gets the error; one loaded ahead and never read has none.
    const job: Job<T> = { promise, waiting: 0, dropped: false };
    this.#jobs.set(position, job);
    this.#line.push(async () => {
      if (job.dropped && job.waiting === 0) return;
      await this.#load(position).then(resolve, reject);
    });
    this.#start();
    return job;
  }

  #start(): void {
    while (this.#running < this.#parallel && this.#line.length > 0) {
      const next = this.#line.shift()!;
      this.#running++;
      void next().finally(() => {
        this.#running--;
        this.#start();
      });
    }
  }
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
