import { imageSize, type ImageShape } from '../../image/image.ts';
import type { Engine } from '../../model/engine.ts';
import { KINDS, madeUpImage } from '../../model/made-up-images.ts';
import { findAdapter } from '../adapter.ts';
import type { Computing } from './messages.ts';

/** Scores that are further apart than that are no rounding: the GPU is then not used. */
const MOST_APART = 1e-2;

/** What a model runs on beside WebAssembly, once it is known to answer the same. */
export interface Accelerated {
  readonly computing: Computing;
  /** Absent where WebAssembly goes on. */
  readonly engine?: Engine;
}

/**
 * Opens a model on the GPU where there is one, and compares what it makes of made-up images with what WebAssembly makes
 * of them. A software adapter is slower than WebAssembly and is taken only where it is asked for.
 * @param open makes the engine on the GPU
 */
export async function accelerate(
  onCpu: Engine,
  shape: ImageShape,
  open: () => Promise<Engine>,
  { software = false }: { readonly software?: boolean } = {},
): Promise<Accelerated> {
  const adapter = await findAdapter();
  if (adapter === undefined) return { computing: { on: 'wasm' } };
  if (adapter.isSoftware && !software)
    return { computing: { on: 'wasm', reason: 'WebGPU would be computed by the processor as well' } };
  try {
    const engine = await open();
    const apart = await distance(onCpu, engine, shape);
    if (!(apart <= MOST_APART))
      return { computing: { on: 'wasm', reason: `WebGPU gives scores that are up to ${apart.toPrecision(2)} apart` } };
    return { computing: { on: 'webgpu', adapter: adapter.name, apart }, engine };
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    return { computing: { on: 'wasm', reason: `WebGPU could not be used: ${told}` } };
  }
}

/** By how much the scores of made-up images differ at most; NaN and equal infinities count as equal. */
async function distance(one: Engine, other: Engine, shape: ImageShape): Promise<number> {
  let most = 0;
  for (const kind of KINDS) {
    const image = new Float32Array(imageSize(shape));
    madeUpImage(kind, shape, image);
    const request = { images: [image], trials: [{ image: 0, transformations: [] }] };
    const [a, b] = [await one.logits(request), await other.logits(request)];
    a.forEach((score, i) => {
      if (!Object.is(score, b[i])) most = Math.max(most, Math.abs(score - b[i]));
    });
  }
  return most;
}
