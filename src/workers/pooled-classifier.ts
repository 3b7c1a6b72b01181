import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { imageSize } from '../image/image.ts';
import type { Classifier, TrialGradients, TrialRequest } from '../model/classifier.ts';
import { classesOf } from '../model/engine.ts';
import { gradientModel, type GradientModel } from '../model/gradient-model.ts';
import type { PreparedModel } from '../model/prepared-model.ts';
import { inPieces } from '../model/run-size.ts';
import { packRequest, type Job, type PackedRequest, type WorkerReply } from './messages.ts';
import type { WorkerPool } from './pool.ts';
import { onSharedMemory } from './shared-memory.ts';

/** A classifier whose trials workers run, a batch at a time. */
export interface PooledClassifier extends Classifier {
  /** Has each worker run one trial, so that a fault of any of them shows. */
  warmUp(): Promise<void>;
}

/**
 * @param batch trials in one run
 * @param filled see `Classifier.filled`
 */
export function pooledClassifier(
  pool: WorkerPool,
  { model, description }: PreparedModel,
  batch: number,
  filled: number | undefined,
): PooledClassifier {
  const { shape } = description.input;
  const classes = classesOf(description);
  let differentiated: GradientModel | undefined;

  /** Runs a request in batches, each where a worker is free. @returns the answers, each with its first trial */
  async function run<T>(
    request: TrialRequest,
    job: (part: PackedRequest, from: number, to: number) => Job,
    read: (reply: WorkerReply) => T,
  ): Promise<{ from: number; result: T }[]> {
    checkImages(request, imageSize(shape));
    return Promise.all(
      inPieces(request.trials.length, batch).map(async ([from, to]) => ({
        from,
        result: read(await pool.run(job(packRequest(request, from, to), from, to))),
      })),
    );
  }

  return {
    classes,
    shape,
    batch,
    filled,
    parallelism: 2 * pool.size,
    async warmUp() {
      const blank: TrialRequest = {
        images: [new Float32Array(imageSize(shape))],
        trials: [{ image: 0, transformations: [] }],
      };
      await Promise.all(
        Array.from({ length: pool.size }, () => pool.run({ kind: 'logits', request: packRequest(blank, 0, 1) })),
      );
    },
    async logits(request) {
      const parts = await run(request, (part) => ({ kind: 'logits', request: part }), logitsOf);
      const logits = new Float32Array(request.trials.length * classes);
      for (const { from, result } of parts) logits.set(result, from * classes);
      return logits;
    },
    async gradients(request, labels, by) {
      differentiated ??= shared(gradientModel(model, description));
      const own = differentiated;
      const parts = await run(
        request,
        (part, from, to) => ({ kind: 'gradients', request: part, labels: labels.slice(from, to), by, model: own }),
        gradientsOf,
      );
      const logits = new Float32Array(request.trials.length * classes);
      const transformation = new Float64Array(3 * request.trials.length);
      for (const { from, result } of parts) {
        logits.set(result.logits, from * classes);
        transformation.set(result.transformation ?? [], 3 * from);
      }
      return by === 'transformation'
        ? { logits, transformation }
        : { logits, pixels: parts.flatMap(({ result }) => result.pixels ?? []) };
    },
    close: () => pool.close(),
  };
}

function shared(model: GradientModel): GradientModel {
  return { ...model, bytes: onSharedMemory(model.bytes) };
}

function logitsOf(reply: WorkerReply): Float32Array {
  if ('logits' in reply) return reply.logits;
  throw new Error('internal: a worker answered something else than logits');
}

function gradientsOf(reply: WorkerReply): TrialGradients {
  if ('gradients' in reply) return reply.gradients;
  throw new Error('internal: a worker answered something else than gradients');
}

function checkImages({ images }: TrialRequest, size: number): void {
  const wrong = images.findIndex((image) => image.length !== size);
  if (wrong >= 0) {
    throw misuse({
      code: 'image-size',
      subject: `image ${wrong} of the request`,
      problem: `has ${images[wrong].length} values, but the model takes images of ${size}.`,
      advice:
        `Resize the images (${optionWords('resize')}, ${optionWords('crop')}) or convert their channels ` +
        `(${optionWords('colour')}).`,
    });
  }
}
