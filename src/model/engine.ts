import { Tensor } from 'onnxruntime-common';
import { imageSize } from '../image/image.ts';
import type { Session } from '../runtime/runtime.ts';
import type { Warp } from '../transform/warp.ts';
import type { TrialGradients, TrialRequest } from './classifier.ts';
import type { ProbedDescription } from './description.ts';
import { createEncoder } from './encoder.ts';
import type { GradientModel } from './gradient-model.ts';
import { createInputBatch } from './input-batch.ts';
import type { Preprocessing } from './preprocessing.ts';
import { createRenderer } from './render.ts';
import { runSize, type RunSizes } from './run-size.ts';
import { readLogits } from './scores.ts';

export interface EngineParts extends RunSizes {
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

export function createEngine({ session, description, preprocessing, warp, batch, ...sizes }: EngineParts): Engine {
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
        const size = runSize(rows, capacity, input.batch !== 'free', sizes);
        const outputs = await session.run({ [input.name]: images.tensor(size) }, [output.name]);
        logits.set(readLogits(outputs[output.name], output, rows, size), from * classes);
      }
      return logits;
    },
  };
}

/** Gradients of the cross-entropy at trials, on the calling thread. Calls must not overlap. */
export interface GradientEngine {
  /** @param labels true class of each trial */
  gradients(request: TrialRequest, labels: readonly number[], by: 'transformation' | 'pixels'): Promise<TrialGradients>;
}

export interface GradientEngineParts extends Omit<EngineParts, 'session'> {
  readonly model: GradientModel;
  /** Of `model`. */
  readonly session: Session;
}

/**
 * The chain rule from the loss to the transformation or the pixels: the differentiated graph gives the gradient by the
 * model's input, the encoder takes it back to the warped image, the warp to its parameters or its source.
 */
export function createGradientEngine({
  session,
  model,
  description,
  preprocessing,
  warp,
  batch,
  ...sizes
}: GradientEngineParts): GradientEngine {
  const { input } = model;
  const capacity = input.batch === 'free' ? batch : input.batch;
  const encoder = createEncoder(input, preprocessing);
  const images = createInputBatch(input, encoder, capacity, description.input.type);
  const renderer = createRenderer(warp);
  const classes = classesOf(description);
  const scores = { name: model.scores, kind: model.kind, width: classes, labelOffset: 0 };
  const size = imageSize(warp.shape);
  const warped = new Float32Array(size);
  const byWarped = new Float32Array(size);

  return {
    async gradients(request, labels, by) {
      const { trials } = request;
      if (trials.some(({ sources }) => sources !== undefined))
        throw new Error('internal: the gradient of an image whose pixels were chosen one by one');
      const logits = new Float32Array(trials.length * classes);
      const transformation = new Float64Array(by === 'transformation' ? 3 * trials.length : 0);
      const pixels: Float32Array[] = [];
      for (let from = 0; from < trials.length; from += capacity) {
        const rows = Math.min(capacity, trials.length - from);
        for (let i = 0; i < rows; i++) images.put(i, (raw) => renderer.render(request, trials[from + i], raw));
        const count = runSize(rows, capacity, input.batch !== 'free', sizes);
        const outputs = await session.run(
          { [input.name]: images.tensor(count), [model.labels]: labelTensor(labels, from, rows, count) },
          [model.scores, model.gradient],
        );
        logits.set(readLogits(outputs[model.scores], scores, rows, count), from * classes);
        const byInput = outputs[model.gradient].data as Float32Array;
        for (let i = 0; i < rows; i++) {
          const trial = trials[from + i];
          // Warping once more costs little next to the model, and nothing has to be kept for the batch.
          const { source, last } = renderer.render(request, trial, warped);
          encoder.backward(warped, byInput.subarray(i * encoder.size, (i + 1) * encoder.size), byWarped);
          if (by === 'transformation') transformation.set(warp.derivative(source, last, byWarped), 3 * (from + i));
          else
            pixels.push(
              trial.transformations.reduceRight<Float32Array>(
                (gradient, t) => adjoint(warp, gradient, t),
                byWarped.slice(),
              ),
            );
        }
      }
      return by === 'transformation' ? { logits, transformation } : { logits, pixels };
    },
  };
}

function adjoint(warp: Warp, gradient: Float32Array, t: Parameters<Warp['adjoint']>[1]): Float32Array {
  const target = new Float32Array(gradient.length);
  warp.adjoint(gradient, t, target);
  return target;
}

function labelTensor(labels: readonly number[], from: number, rows: number, count: number): Tensor {
  return new Tensor(
    'int64',
    BigInt64Array.from({ length: count }, (_, i) => BigInt(i < rows ? labels[from + i] : 0)),
    [count],
  );
}

/** Classes that labels may name. */
export function classesOf({ output }: ProbedDescription): number {
  return output.width - output.labelOffset;
}
