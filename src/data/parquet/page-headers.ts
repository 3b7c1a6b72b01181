import type { ByteReader } from '../bytes.ts';

/** What the header of a page says. */
export interface PageHeader {
  /** Bytes of the header itself. */
  readonly size: number;
  readonly compressed: number;
  readonly uncompressed: number;
  /** Values, also those that are null; of a dictionary its entries. */
  readonly values: number;
  readonly isDictionary: boolean;
}

/** A header holds the least and the largest value of its page, which writers cut off. */
const MOST_HEADER_BYTES = 1 << 16;
const DEEPEST = 8;

/**
 * Walks over the pages of a column by their headers, so that what these announce can be checked before anything is
 * unpacked: Thrift's compact protocol, of which numbers alone are kept.
 * @throws Error where the bytes are no headers
 */
export async function* pageHeaders(bytes: ByteReader, start: number, end: number): AsyncGenerator<PageHeader> {
  let at = start;
  while (at < end) {
    const length = Math.min(MOST_HEADER_BYTES, end - at);
    const fields = new CompactReader(await bytes.read(at, length));
    const header = headerOf(fields.struct(0), fields.at);
    yield header;
    at += header.size + header.compressed;
  }
}

function headerOf(page: Fields, size: number): PageHeader {
  const number = (of: Fields, field: number): number => {
    const value = of.get(field);
    if (typeof value !== 'number' || value < 0) throw new Error(`a page header lacks its field ${field}`);
    return value;
  };
  // By the fields of PageHeader in parquet.thrift: 5 data page, 7 dictionary page, 8 data page of version 2.
  const inner = [5, 7, 8].map((field) => page.get(field)).find((value) => value instanceof Map) as Fields | undefined;
  if (inner === undefined) throw new Error('a page is of no known kind');
  return {
    size,
    uncompressed: number(page, 2),
    compressed: number(page, 3),
    values: number(inner, 1),
    isDictionary: page.get(7) instanceof Map,
  };
}

type Fields = ReadonlyMap<number, number | Fields | undefined>;

/** Reads structs, of which it keeps whole numbers and structs. */
class CompactReader {
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  struct(depth: number): Fields {
    if (depth > DEEPEST) throw new Error('a page header is nested too deeply');
    const fields = new Map<number, number | Fields | undefined>();
    for (let field = 0; ;) {
      const byte = this.#byte();
      if (byte === 0) return fields;
      field = byte >> 4 === 0 ? this.#zigzag() : field + (byte >> 4);
      fields.set(field, this.#value(byte & 15, depth));
    }
  }

  #value(type: number, depth: number): number | Fields | undefined {
    switch (type) {
      case 1:
      case 2:
        return undefined;
      case 3:
        this.#skip(1);
        return undefined;
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        this.#skip(8);
        return undefined;
      case 8:
        this.#skip(this.#varint());
        return undefined;
      case 12:
        return this.struct(depth + 1);
      default:
        throw new Error(`a page header holds a value of type ${type}`);
    }
  }

  #byte(): number {
    return this.#view.getUint8(this.at++);
  }

  #skip(length: number): void {
    this.at += length;
    if (this.at > this.#view.byteLength) throw new Error('a page header is cut short');
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new Error('a page header holds a number that is too long');
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
