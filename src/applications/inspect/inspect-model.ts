import { GimbalError } from '../../errors/error.ts';
import { differentiability } from '../../gradients/differentiability.ts';
import { assumptionsOf } from '../../model/assumptions.ts';
import { namingFile } from '../../model/naming-file.ts';
import { prepareModel, readToRun, type ReadModel } from '../../model/prepare.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { mergeHints, type ModelHints } from '../../model/sidecar.ts';
import { gradientObstacle } from '../../model/try-gradient.ts';
import type { Model } from '../../onnx/graph.ts';
import { type Inspection, inspectModel } from '../../onnx/inspect.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { toWorkingOpset } from '../../onnx/upgrade.ts';
import { widenFloat16 } from '../../onnx/widen.ts';
import { type InspectOptions, inspectSchema } from '../../options/inspect-options.ts';
import { optionsOf, type RequestOf } from '../../options/request.ts';
import type { Platform } from '../platform.ts';
import { type FeedingSearch, findFeeding } from './find-feeding.ts';

/**
 * What is taken for granted about feeding a model and what was found by running it, or why it cannot be fed as it is.
 */
export type Feeding =
  | {
      readonly assumed: readonly string[];
      readonly notes: readonly string[];
      readonly warnings: readonly string[];
    }
  | { readonly problem: string };

/** What an ONNX file holds and what can be done with it. */
export interface InspectedModel extends Inspection {
  readonly feeding: Feeding;
  readonly differentiable: boolean;
  /** What stands in the way of gradients, a sentence each; empty where nothing does. */
  readonly obstacles: readonly string[];
  /** Ways of feeding it that were tried on data, where data are given. */
  readonly search?: FeedingSearch;
}

/** The options of `gimbal inspect` by the names of their flags; `json` changes nothing here. */
export type InspectRequest = RequestOf<InspectOptions, 'model'>;

/**
 * What `gimbal inspect` does, on any platform.
 * @throws misuse for what is no ONNX file, and for data that cannot be read
 */
export function inspectOn(platform: Platform, request: InspectRequest): Promise<InspectedModel> {
  return inspectFile(platform, optionsOf(inspectSchema, request));
}

/** Reads and tries a model, and where data are given the usual ways of feeding it. @throws as `inspectOn` */
export async function inspectFile(platform: Platform, options: InspectOptions): Promise<InspectedModel> {
  const { models, files } = platform;
  const { model: given, shape, layout, size, output, labelOffset, data } = options;
  const path = await models.locate(given);
  const { read } = await models.read(path, readToRun);
  return namingFile(path, async () => {
    const held = inspectModel(read.model, shape);
    const prepared = await prepare(platform, path, read, { layout, size, output, labelOffset });
    if (prepared instanceof GimbalError)
      return { ...held, feeding: { problem: prepared.message }, ...gradientsOf(obstaclesUnfed(read.model)) };
    const { notes, warnings } = prepared;
    const feeding = { assumed: assumptionsOf(prepared), notes, warnings };
    const gradients = gradientsOf(await obstaclesOf(platform, prepared));
    if (data === undefined) return { ...held, feeding, ...gradients };
    const search = await findFeeding(platform, prepared, files.nameOf(given), { ...options, data }, labelOffset);
    return { ...held, feeding, ...gradients, search };
  });
}

function gradientsOf(obstacles: readonly string[]): Pick<InspectedModel, 'differentiable' | 'obstacles'> {
  return { differentiable: obstacles.length === 0, obstacles };
}

/**
 * The model as evaluating prepares it; what is no classifier, leaves something open or has unfit hints beside it is
 * inspected all the same.
 */
async function prepare(
  { models, runtime }: Platform,
  path: string,
  read: ReadModel,
  given: ModelHints,
): Promise<PreparedModel | GimbalError> {
  try {
    const hints = mergeHints(await models.hints(path), given);
    return await namingFile(path, () => prepareModel(runtime, read, hints));
  } catch (error) {
    if (error instanceof GimbalError) return error;
    throw error;
  }
}

/** What ONNX Runtime takes to load a differentiated graph grows with the square of its nodes. */
const MOST_NODES_TRIED = 5000;

export const TOO_LARGE =
  'no gradient was tried, as ONNX Runtime takes long to load one of more than ' + `${MOST_NODES_TRIED} nodes`;
export const UNTRIED = 'no gradient was tried, as it cannot be fed as it is';

/** Operators in the way, or what computing a gradient on a blank image came to. */
async function obstaclesOf({ runtime }: Platform, prepared: PreparedModel): Promise<readonly string[]> {
  const { model, description } = prepared;
  const unsupported = unsupportedIn({ ...model, graph: pruneGraph(model.graph, [description.output.name]) });
  if (unsupported.length > 0) return unsupported;
  if (model.graph.nodes.length > MOST_NODES_TRIED) return [TOO_LARGE];
  const obstacle = await gradientObstacle(runtime, prepared);
  return obstacle === undefined ? [] : [obstacle];
}

/** Of a model that is not fed nothing can be promised. */
function obstaclesUnfed(model: Model): readonly string[] {
  const unsupported = unsupportedIn(model);
  return unsupported.length > 0 ? unsupported : [UNTRIED];
}

function unsupportedIn(model: Model): readonly string[] {
  try {
    const { unsupported } = differentiability(widenFloat16(toWorkingOpset(model)).graph);
    return unsupported.map(({ opType, nodes, reason }) => `${opType}: ${reason} (${listed(nodes)})`);
  } catch (error) {
    // A model of an opset that cannot be brought to the working one is inspected all the same.
    if (error instanceof GimbalError) return [error.message];
    throw error;
  }
}

const LISTED = 5;

function listed(nodes: readonly string[]): string {
  const more = nodes.length > LISTED ? ` and ${nodes.length - LISTED} more` : '';
  return `${nodes.length === 1 ? 'node' : 'nodes'} ${nodes.slice(0, LISTED).join(', ')}${more}`;
}
