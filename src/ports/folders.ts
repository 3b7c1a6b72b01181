/** A file or folder that a command reads. */
export interface Input {
  /** `the model`, `--data`. */
  readonly what: string;
  readonly path: string;
}

/** What a folder is wanted for. */
export interface FolderClaim {
  /** What the folder is to hold: `an evaluation`. */
  readonly what: string;
  /** What is never written over. */
  readonly inputs?: readonly Input[];
  /**
   * Whether a folder that holds something is one of the kind: its marker is there and is sound. Throws where it is
   * damaged, or of another kind.
   */
  readonly isOurs: (names: ReadonlySet<string>) => Promise<boolean>;
}

/** Folders and files that an application writes, each for itself alone. */
export interface Folders {
  /**
   * Makes a folder for what a command writes, or takes one that such a command made. One that holds anything else is
   * left alone.
   * @throws misuse `output-is-input`, `output-not-writable`, `folder-in-other-use`
   */
  claim(path: string, claim: FolderClaim): Promise<void>;
  /**
   * Looks before anything is computed whether a file may be written: there is none yet, or it is one that Gimbal wrote.
   * @returns where to write: behind a link the file that it leads to
   * @throws misuse `output-is-input`, `output-exists`, `output-not-writable`
   */
  claimFile(path: string, claim: FileClaim): Promise<string>;
  /**
   * Keeps other processes out of a folder, and removes what a killed one left of files under way.
   * @returns gives the folder back
   * @throws misuse `run-folder-in-use`
   */
  lock(path: string): Promise<() => Promise<void>>;
}

/** What a file is wanted for. */
export interface FileClaim {
  /** What the command reads and must not write over. */
  readonly inputs: readonly Input[];
  /** Whether an existing file is one that this command wrote and may replace. */
  readonly isOurs: (path: string) => Promise<boolean>;
  /** What such a file is, for messages: `a model that gimbal export wrote`. */
  readonly what: string;
  /** The option that names the file. Default: `--out`. */
  readonly option?: string;
}
