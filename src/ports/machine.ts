/** By what a run was made, for its `config.json`. */
export interface Origin {
  readonly versions: { readonly gimbal: string; readonly [part: string]: string | null };
  /** Commit of the working folder, with `-dirty` where files were changed; `null` outside of a repository. */
  readonly commit: string | null;
  /** In words. */
  readonly machine: string;
  /** When it was begun: ISO 8601, in UTC. */
  readonly begun: string;
}

/** Where the program runs. */
export interface Machine {
  /** Version of Gimbal. */
  readonly version: string;
  /** The variables of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Threads that run at once. */
  readonly cores: number;
  /** In words: `2 cores of Intel(R) Xeon(R) Processor, 15 GiB`. */
  describe(): string;
  origin(): Promise<Origin>;
  /**
   * Does work that is sure to end: where nothing is left that could end it, it fails, in place of a promise that never
   * settles and a program that ends in silence.
   * @param what the thing at work, for the message: a file, a command
   * @throws failure `never-ends`; whatever the work throws
   */
  settling<T>(what: string, work: () => Promise<T>): Promise<T>;
}
