/** A hash of bytes that come one after the other. */
export interface Hash {
  update(bytes: Uint8Array): void;
  /** In hex; asked for once, at the end. */
  digest(): string;
}
