/** A GPU that a browser offers to its pages. */
export interface Adapter {
  /** As far as the browser tells: `nvidia ampere`. */
  readonly name: string;
  /** A processor that stands in for a GPU: slower than WebAssembly. */
  readonly isSoftware: boolean;
}

/** What is used of WebGPU here, of which the types of DOM know nothing yet. */
interface Gpu {
  requestAdapter(): Promise<{
    readonly info?: { readonly vendor: string; readonly architecture: string; readonly isFallbackAdapter?: boolean };
    readonly isFallbackAdapter?: boolean;
  } | null>;
}

/** The adapter that WebGPU would use; `undefined` where there is none, or the page may not have one. */
export async function findAdapter(): Promise<Adapter | undefined> {
  const { gpu } = navigator as { readonly gpu?: Gpu };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (adapter === undefined || adapter === null) return undefined;
  const { vendor = '', architecture = '' } = adapter.info ?? {};
  return {
    name: `${vendor} ${architecture}`.trim() || 'unnamed',
    isSoftware: adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false,
  };
}
