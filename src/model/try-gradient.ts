import { GimbalError } from '../errors/error.ts';
import { imageSize } from '../image/image.ts';
import { isRuntimeFault, type Runtime } from '../runtime/runtime.ts';
import { createWarp } from '../transform/warp.ts';
import { createGradientEngine } from './engine.ts';
import { gradientModel } from './gradient-model.ts';
import type { PreparedModel } from './prepared-model.ts';

/**
 * Whether a model has a gradient is known once it was computed: builds the differentiated graph and runs it on a blank
 * image.
 * @returns what stands in the way, in words; undefined where nothing does
 */
export async function gradientObstacle(
  runtime: Runtime,
  { model, description, preprocessing }: PreparedModel,
): Promise<string | undefined> {
  const { shape } = description.input;
  try {
    const differentiated = gradientModel(model, description);
    const session = await runtime.createSession(differentiated.bytes, { threads: 1, prepacking: false });
    try {
      const warp = createWarp(shape);
      const parts = { session, model: differentiated, description, preprocessing, warp, batch: 1 };
      const blank = { images: [new Float32Array(imageSize(shape))], trials: [{ image: 0, transformations: [] }] };
      await createGradientEngine(parts).gradients(blank, [0], 'pixels');
      return undefined;
    } finally {
      await session.release();
    }
  } catch (error) {
    if (isRuntimeFault(error)) return `ONNX Runtime fails on the differentiated graph: ${error.issue.problem}`;
    if (error instanceof GimbalError) {
      const { subject, problem } = error.issue;
      return subject === 'model' ? `it ${problem}` : `${subject}: ${problem}`;
    }
    throw error;
  }
}
