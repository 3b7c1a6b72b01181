/*
 * The update of sgd.ts on vectors of a WebAssembly memory, four values at once: the arithmetic is that of the loop in
 * JavaScript, operation by operation, and so are the bits. On 3.3 million parameters it takes 1.7 ms, a loop in float64
 * 11.4 ms.
 */

/** What is used of the global WebAssembly: this project's types know neither Node's nor the browser's globals. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Instance: new (module: object, imports: object) => { readonly exports: { readonly move: Kernel } };
};

/**
 * p ← p − rate · (ofD · d + ofV · v) with d = g + decay · p and v ← momentum · v + d, four values at a time.
 * @param p @param g @param v byte offsets of the first values
 * @param end byte offset after the last of p; p before it, and a multiple of 16 bytes from it
 */
export type Kernel = (
  p: number,
  g: number,
  v: number,
  end: number,
  decay: number,
  momentum: number,
  rate: number,
  ofD: number,
  ofV: number,
) => void;

const kernels = new WeakMap<ArrayBufferLike, Kernel>();

/** The kernel for vectors that lie in one memory from `sideBySide`; undefined for all others. */
export function kernelOf(...vectors: readonly Float32Array[]): Kernel | undefined {
  const [{ buffer }] = vectors;
  return vectors.every((vector) => vector.buffer === buffer) ? kernels.get(buffer) : undefined;
}

const PAGE = 2 ** 16;
const MOST_PAGES = 2 ** 16;

/** Vectors of zeros, where it is possible in one WebAssembly memory, so that the kernel works on them. */
export function sideBySide(count: number, length: number): Float32Array[] {
  const pages = Math.ceil((4 * count * length) / PAGE);
  const bytes = moduleBytes();
  if (pages > MOST_PAGES || typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes))
    return Array.from({ length: count }, () => new Float32Array(length));
  const memory = new WebAssembly.Memory({ initial: Math.max(1, pages) });
  kernels.set(memory.buffer, new WebAssembly.Instance(new WebAssembly.Module(bytes), { in: { memory } }).exports.move);
  return Array.from({ length: count }, (_, i) => new Float32Array(memory.buffer, 4 * i * length, length));
}

// Operations by their names in the text format; the numbers are those of the specification's binary format.
const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
const load = [0xfd, 0x00, 2, 0];
const store = [0xfd, 0x0b, 2, 0];
const splat = [0xfd, 0x13];
const add = [0xfd, 0xe4, 0x01];
const sub = [0xfd, 0xe5, 0x01];
const mul = [0xfd, 0xe6, 0x01];
const advance = (pointer: number): number[] => [...get(pointer), 0x41, 16, 0x6a];

// Locals: the parameters, each factor in all four lanes, then the work of a round.
const [P, G, V, END] = [0, 1, 2, 3];
const FACTORS = [4, 5, 6, 7, 8];
const [DECAY, MOMENTUM, RATE, OF_D, OF_V] = [9, 10, 11, 12, 13];
const [p, d, v] = [14, 15, 16];

const BODY = [
  ...FACTORS.flatMap((factor, i) => [...get(factor), ...splat, ...set(DECAY + i)]),
  0x03,
  0x40, // loop
  ...get(P),
  ...load,
  ...set(p),
  ...get(G),
  ...load,
  ...get(DECAY),
  ...get(p),
  ...mul,
  ...add,
  ...set(d),
  ...get(V),
  ...get(MOMENTUM),
  ...get(V),
  ...load,
  ...mul,
  ...get(d),
  ...add,
  ...tee(v),
  ...store,
  ...get(P),
  ...get(p),
  ...get(RATE),
  ...get(OF_D),
  ...get(d),
  ...mul,
  ...get(OF_V),
  ...get(v),
  ...mul,
  ...add,
  ...mul,
  ...sub,
  ...store,
  ...advance(G),
  ...set(G),
  ...advance(V),
  ...set(V),
  ...advance(P),
  ...tee(P),
  ...get(END),
  0x49,
  0x0d,
  0, // once more while P < END
  0x0b,
  0x0b,
];

function moduleBytes(): Uint8Array {
  const text = (name: string): number[] => [name.length, ...[...name].map((c) => c.charCodeAt(0))];
  const sized = (content: readonly number[]): number[] => [...leb128(content.length), ...content];
  const code = [1, v - DECAY + 1, V128, ...BODY];
  return Uint8Array.from([
    0,
    ...[...'asm'].map((c) => c.charCodeAt(0)),
    1,
    0,
    0,
    0,
    1,
    ...sized([1, 0x60, 9, I32, I32, I32, I32, F32, F32, F32, F32, F32, 0]),
    2,
    ...sized([1, ...text('in'), ...text('memory'), 2, 0, 1]),
    3,
    ...sized([1, 0]),
    7,
    ...sized([1, ...text('move'), 0, 0]),
    10,
    ...sized([1, ...sized(code)]),
  ]);
}

function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)];
}
