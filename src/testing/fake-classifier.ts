import type { Classifier, TrialRequest } from '../model/classifier.ts';
import type { ImageShape } from '../image/image.ts';
import { gather } from '../transform/gather.ts';
import type { Transformation } from '../transform/transformation.ts';

/** Logits of one trial from its image and what is done to it. */
export type Scores = (
  pixels: Float32Array,
  transformations: readonly Transformation[],
  perturbation?: Float32Array,
) => readonly number[];

/** A classifier that is a plain function, for tests of what stands above it. `calls` counts trials. */
export function fakeClassifier(
  shape: ImageShape,
  classes: number,
  scores: Scores,
  gradients?: Classifier['gradients'],
): Classifier & { calls: number } {
  return {
    calls: 0,
    classes,
    shape,
    batch: 4,
    parallelism: 2,
    async logits({ images, trials }: TrialRequest) {
      this.calls += trials.length;
      // Answers come in random order: results must not depend on who answers first.
      for (let turn = Math.floor(Math.random() * 3); turn > 0; turn--)
        await new Promise((resolve) => setImmediate(resolve));
      return Float32Array.from(
        trials.flatMap(({ image, sources, transformations, perturbation }) => {
          const pixels = images[image];
          const shown = sources === undefined ? pixels : new Float32Array(pixels.length);
          if (sources !== undefined) gather(sources, shape.channels, pixels, sources.length, shown);
          return scores(shown, transformations, perturbation);
        }),
      );
    },
    ...(gradients === undefined ? {} : { gradients }),
    close: async () => {},
  };
}
