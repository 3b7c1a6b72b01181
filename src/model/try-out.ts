import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Graph, Model } from '../onnx/graph.ts';
import { isRuntimeFault, type Session } from '../runtime/runtime.ts';
import { usualBatch } from './batch-size.ts';
import { dependence } from './company.ts';
import type { ModelDescription, ProbedDescription } from './description.ts';
import { wholeBatches } from './input-batch.ts';
import type { Preprocessing } from './preprocessing.ts';
import { isNotRows, kindOfScores, PROBED, probe, type ModelProbe } from './probe.ts';

/** What is known of a run for which a model is tried. */
export interface TryOutOptions {
  /** Images that will run together. Default: by the size of the images. */
  readonly batch?: number;
}

export const INFERENCE_MODE =
  'Export it in inference mode (in PyTorch: model.eval() first), so that norms use the statistics of training.';

/** What running a model told. */
export interface TryOut {
  readonly description: ProbedDescription;
  readonly seen: ModelProbe;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Runs the model. A batch that is free by declaration but not in truth is found out and taken for one of 1, as is one
 * whose images have no answers of their own in company.
 */
export async function tryOut(
  session: Session,
  { graph }: Model,
  declared: ModelDescription,
  preprocessing: Preprocessing,
  { batch = usualBatch(declared.input.dims) }: TryOutOptions,
): Promise<TryOut> {
  const notes: string[] = [];
  const warnings: string[] = [];
  let { description, seen } = await firstRun(session, declared, preprocessing);
  if (description !== declared) notes.push('The model declares a free batch but runs one image at a time only.');
  // A fixed batch is judged in the form in which it will run.
  if (description.input.batch === 'free' || description.input.batch === 1) {
    const found = await dependence(session, graph, description, preprocessing, batch);
    if (found === 'chance') throw changing(description);
    if (found === 'company') {
      description = oneAtATime(declared);
      seen = await tryBatch(session, description, preprocessing);
      warnings.push(
        `The model's answer for an image depends on the other images of its batch (${causeOf(graph)}): ` +
          'images are run one at a time, so that each has an answer of its own.',
      );
    }
  }
  requireDifferences(declared, seen);
  const kind = kindOfScores(declared.output.kind, seen);
  if (kind !== declared.output.kind) {
    notes.push(
      `The model's scores are ${kind}, although ` +
        `${declared.output.kind === 'logits' ? 'no Softmax says so' : 'it ends in a Softmax'}.`,
    );
  }
  const { width } = seen;
  return { description: { ...description, output: { ...description.output, kind, width } }, seen, notes, warnings };
}

/** In a batch as declared, or one image at a time where a free batch does not run. */
async function firstRun(
  session: Session,
  declared: ModelDescription,
  preprocessing: Preprocessing,
): Promise<{ readonly description: ModelDescription; readonly seen: ModelProbe }> {
  try {
    return { description: declared, seen: await tryBatch(session, declared, preprocessing) };
  } catch (inCompany) {
    if (declared.input.batch !== 'free' || !isTheModels(inCompany)) throw notRunnable(inCompany, declared);
    const description = oneAtATime(declared);
    try {
      return { description, seen: await tryBatch(session, description, preprocessing) };
    } catch (alone) {
      throw isTheModels(alone) ? notRunnable(inCompany, declared) : alone;
    }
  }
}

/** Whether an error tells something of the model; any other is a fault of ours. */
function isTheModels(error: unknown): boolean {
  return isRuntimeFault(error) || isNotRows(error);
}

function oneAtATime(declared: ModelDescription): ModelDescription {
  return { ...declared, input: { ...declared.input, batch: 1 } };
}

function tryBatch(session: Session, description: ModelDescription, preprocessing: Preprocessing): Promise<ModelProbe> {
  return probe(session, description, preprocessing, wholeBatches(PROBED, description.input));
}

function causeOf({ nodes }: Graph): string {
  const dynamic = nodes.find(({ opType }) => opType.startsWith('DynamicQuantize'));
  return dynamic === undefined
    ? 'as after an export in training mode, which model.eval() before it avoids'
    : `${dynamic.opType} takes its scale from all of them`;
}

/** @returns misuse `random-model` */
export function changing({ output }: ModelDescription): Error {
  return misuse({
    code: 'random-model',
    subject: `model output '${output.name}'`,
    problem: 'differs between two runs on the same image: the model draws at random, so that no verdict would hold.',
    advice: 'Export it in inference mode (in PyTorch: model.eval() before torch.onnx.export turns dropout off).',
  });
}

/** All classes tie, whatever the image: an activation over an axis of 1, or weights of 0. */
function requireDifferences({ output }: ModelDescription, { rows, width, scores }: ModelProbe): void {
  if (width < 2 || scores.some((score) => score !== scores[0]) || rows < 2) return;
  throw misuse({
    code: 'scores-all-equal',
    subject: `model output '${output.name}'`,
    problem: `is ${scores[0]} for each of ${width} classes, whatever the image: the scores tell nothing.`,
    advice: 'Check the export, such as the axis of a Softmax at its end: it must be that of the classes.',
  });
}

function notRunnable(error: unknown, { input }: ModelDescription): Error {
  if (isNotRows(error)) return misuse({ ...error.issue, code: 'not-a-classifier' }, { cause: error });
  if (!isRuntimeFault(error)) return error as Error;
  return misuse(
    {
      code: 'model-not-runnable',
      subject: 'model',
      problem: `does not run on images of ${input.dims.join('×')}: ${error.issue.problem}`,
      advice: `If size or layout were read wrongly, set them with ${optionWords('size')} and ${optionWords('layout')}.`,
    },
    { cause: error },
  );
}
