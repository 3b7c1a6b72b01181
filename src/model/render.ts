import { imageSize } from '../image/image.ts';
import { gather } from '../transform/gather.ts';
import type { Warp } from '../transform/warp.ts';
import { IDENTITY, type Transformation } from '../transform/transformation.ts';
import type { Trial, TrialRequest } from './classifier.ts';

/** Makes the raw image that a trial stands for. */
export interface Renderer {
  /**
   * @param target raw image, overwritten; none of the request's arrays
   * @returns what the last transformation was applied to, and that transformation. Valid until the next call.
   */
  render(
    request: TrialRequest,
    trial: Trial,
    target: Float32Array,
  ): { readonly source: Float32Array; readonly last: Transformation };
}

export function createRenderer(warp: Warp): Renderer {
  const size = imageSize(warp.shape);
  const perturbed = new Float32Array(size);
  const gathered = new Float32Array(size);
  const between = [new Float32Array(size), new Float32Array(size)];

  return {
    render(request, trial, target) {
      let source = request.images[trial.image];
      if (trial.perturbation !== undefined) {
        addClipped(source, trial.perturbation, perturbed);
        source = perturbed;
      }
      const { transformations } = trial;
      if (trial.sources !== undefined) {
        gather(trial.sources, warp.shape.channels, source, trial.sources.length, gathered);
        source = gathered;
      }
      for (let i = 0; i < transformations.length - 1; i++) {
        warp.apply(source, transformations[i], between[i % 2]);
        source = between[i % 2];
      }
      const last = transformations.at(-1) ?? IDENTITY;
      warp.apply(source, last, target);
      return { source, last };
    },
  };
}

function addClipped(image: Float32Array, perturbation: Float32Array, target: Float32Array): void {
  for (let i = 0; i < target.length; i++) {
    const sum = image[i] + perturbation[i];
    target[i] = sum < 0 ? 0 : sum > 1 ? 1 : sum;
  }
}
