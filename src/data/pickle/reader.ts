import { misuse } from '../../errors/error.ts';

/** Reads the bytes of a pickle in order. Numbers are little-endian. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #subject: string;
  at = 0;

  constructor(bytes: Uint8Array, subject: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#subject = subject;
  }

  /** So many bytes, as a part of the whole. @throws misuse `cut-file` */
  take(length: number): Uint8Array {
    const start = this.#move(length);
    return this.#bytes.subarray(start, start + length);
  }

  byte(): number {
    return this.#view.getUint8(this.#move(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#move(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#move(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#move(4), true);
  }

  uint64(): number {
    return Number(this.#view.getBigUint64(this.#move(8), true));
  }

  /** A whole number of so many bytes, in two's complement. */
  long(length: number): number {
    const bytes = this.take(length);
    const magnitude = bytes.reduceRight((sum, byte) => 256 * sum + byte, 0);
    return length > 0 && bytes[length - 1] >= 128 ? magnitude - 256 ** length : magnitude;
  }

  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }

  /** Up to the end of the line, which is passed. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    const line = this.text((end < 0 ? this.#bytes.length + 1 : end) - this.at);
    this.at++;
    return line;
  }

  #move(length: number): number {
    const start = this.at;
    if (start + length > this.#bytes.length) {
      throw misuse({
        code: 'cut-file',
        subject: this.#subject,
        problem:
          `is a pickle that ends before its data do: at byte ${start} it announces ${length} more, and there are ` +
          `${this.#bytes.length - start}.`,
        advice: 'Get it again.',
      });
    }
    this.at += length;
    return start;
  }
}
