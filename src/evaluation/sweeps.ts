import type { Outcome, Target } from '../attacks/attack.ts';
import { GimbalError } from '../errors/error.ts';
import type { Classifier } from '../model/classifier.ts';
import type { Transformation } from '../transform/transformation.ts';
import { createAnswerer } from './answer.ts';
import { toSixDigits } from './records.ts';

/** What the model takes an image for under one transformation. */
export interface SweptVerdict extends Outcome {
  readonly transformation: Transformation;
}

/** The verdicts on one image, transformation by transformation. */
export type Sweep = readonly SweptVerdict[];

/** An image, and the transformations that are asked about. */
export interface SweepQuestion {
  readonly target: Target;
  readonly transformations: readonly Transformation[];
}

/**
 * What the model takes each image for under each of its transformations; losses to six digits, as records have them.
 * @returns in the order of the questions; nothing for an image for which the model gives no scores somewhere
 */
export function measureSweeps(
  classifier: Classifier,
  questions: readonly SweepQuestion[],
): Promise<(Sweep | undefined)[]> {
  const answer = createAnswerer(classifier);
  return Promise.all(
    questions.map(async ({ target, transformations }) => {
      const probes = transformations.map((transformation, candidate) => ({ candidate, transformation }));
      try {
        const [outcomes] = await answer([{ target, attack: 'sweep', ask: { kind: 'classify', probes } }]);
        return outcomes.map(({ predicted, loss }, i) => ({
          transformation: transformations[i],
          predicted,
          loss: toSixDigits(loss),
        }));
      } catch (error) {
        // The run itself asked elsewhere and stands; a picture less is no reason to lose its report.
        if (error instanceof GimbalError && error.issue.code.startsWith('model-gives-')) return undefined;
        throw error;
      }
    }),
  );
}
