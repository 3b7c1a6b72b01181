/**
 * Bytes of the largest model that a page takes: WebAssembly holds four gigabytes, and a model takes its size several
 * times.
 */
export const LARGEST_MODEL = 2 ** 29;
