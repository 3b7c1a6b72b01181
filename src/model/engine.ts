import type { Session } from '../runtime/runtime.ts';
import type { Warp } from '../transform/warp.ts';
import type { TrialRequest } from './classifier.ts';
import type { ProbedDescription } from './description.ts';
import { createEncoder } from './encoder.ts';
import { createInputBatch } from './input-batch.ts';
import type { Preprocessing } from './preprocessing.ts';
import { createRenderer } from './render.ts';
import { readLogits } from './scores.ts';

export interface EngineParts {
  readonly session: Session;
  /** Of the model in the session. */
  readonly description: ProbedDescription;
  readonly preprocessing: Preprocessing;
  /** For images of the raw shape. */
  readonly warp: Warp;
  /** Most images in one run of the session; ignored where the model fixes the number. */
  readonly batch: number;
}

/** Classifies trials on the calling thread: warp, preprocessing, session, logits. Calls must not overlap. */
export interface Engine {
  /** @returns [trials, classes] */
  logits(request: TrialRequest): Promise<Float32Array>;
}

export function createEngine({ session, description, preprocessing, warp, batch }: EngineParts): Engine {
  const { input, output } = description;
  const capacity = input.batch === 'free' ? batch : input.batch;
  const images = createInputBatch(input, createEncoder(input, preprocessing), capacity);
  const renderer = createRenderer(warp);
  const classes = classesOf(description);

  return {
    async logits(request) {
      const { trials } = request;
      const logits = new Float32Array(trials.length * classes);
      for (let from = 0; from < trials.length; from += capacity) {
        const rows = Math.min(capacity, trials.length - from);
        for (let i = 0; i < rows; i++) images.put(i, (raw) => renderer.render(request, trials[from + i], raw));
        // A fixed batch is always run whole: what earlier runs left in the slots behind is computed and thrown away.
        const size = input.batch === 'free' ? rows : capacity;
        const outputs = await session.run({ [input.name]: images.tensor(size) }, [output.name]);
        logits.set(readLogits(outputs[output.name], output, rows, size), from * classes);
      }
      return logits;
    },
  };
}

/** Classes that labels may name. */
export function classesOf({ output }: ProbedDescription): number {
  return output.width - output.labelOffset;
}
