import { basename } from 'node:path';
import { visible } from '../../errors/visible.ts';
import { GimbalError } from '../../errors/error.ts';
import { type FeedingSearch, findFeeding } from '../../applications/inspect/find-feeding.ts';
import { differentiability } from '../../gradients/differentiability.ts';
import { namingFile } from '../../model/naming-file.ts';
import { readModelFile, readSidecar } from '../../node/runtime/open.ts';
import { nodePlatform } from '../../node/platform.ts';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { modelPath } from '../../node/runtime/shipped-models.ts';
import { assumptionsOf } from '../../model/assumptions.ts';
import { prepareModel, readToRun, type ReadModel } from '../../model/prepare.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { mergeHints, type ModelHints } from '../../model/sidecar.ts';
import { gradientObstacle } from '../../model/try-gradient.ts';
import { formatInspection } from '../../onnx/format-inspection.ts';
import type { Model } from '../../onnx/graph.ts';
import { inspectModel } from '../../onnx/inspect.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { toWorkingOpset } from '../../onnx/upgrade.ts';
import { widenFloat16 } from '../../onnx/widen.ts';
import type { InspectOptions } from '../../options/inspect-options.ts';
import type { Terminal } from '../terminal.ts';
import { describeSearch } from './describe-search.ts';

/** What stands in the way of gradients, a sentence each; empty where nothing does. */
type Obstacles = readonly string[];

/**
 * What is taken for granted about feeding a model and what was found by running it, or why it cannot be fed as it is.
 */
type Feeding =
  | {
      readonly assumed: readonly string[];
      readonly notes: readonly string[];
      readonly warnings: readonly string[];
    }
  | { readonly problem: string };

/** Prints what a model holds. @returns exit code */
export async function inspectFile(options: InspectOptions, terminal: Terminal): Promise<number> {
  const { model: given, shape, json, layout, size, output, labelOffset } = options;
  const hints = { layout, size, output, labelOffset };
  const path = await modelPath(given);
  const { read } = await readModelFile(path, readToRun);
  const [inspection, feeding, obstacles, search] = await namingFile(path, async () => {
    const held = inspectModel(read.model, shape);
    const prepared = await prepare(path, read, hints);
    return prepared instanceof GimbalError
      ? ([held, { problem: prepared.message }, obstaclesUnfed(read.model), undefined] as const)
      : ([held, feedingOf(prepared), await obstaclesOf(prepared), await searchOf(prepared, options)] as const);
  });
  if (json) {
    terminal.out(
      `${JSON.stringify({ ...inspection, feeding, differentiable: obstacles.length === 0, obstacles, search }, undefined, 2)}\n`,
    );
  } else {
    terminal.out(`${formatInspection(inspection)}\n\n${describeFeeding(feeding)}\n\n${describeObstacles(obstacles)}\n`);
    if (search !== undefined) terminal.out(`\n${describeSearch(search, options)}\n`);
  }
  return 0;
}

/** Ways of feeding it that were tried on data, where data are given. */
function searchOf(prepared: PreparedModel, options: InspectOptions): Promise<FeedingSearch> | undefined {
  const { data, model } = options;
  return data === undefined
    ? undefined
    : findFeeding(nodePlatform, prepared, basename(model), { ...options, data }, options.labelOffset);
}

/**
 * The model as evaluating prepares it; what is no classifier, leaves something open or has unfit hints beside it is
 * inspected all the same.
 */
async function prepare(path: string, read: ReadModel, given: ModelHints): Promise<PreparedModel | GimbalError> {
  try {
    const hints = mergeHints(await readSidecar(path), given);
    return await namingFile(path, () => prepareModel(nodeRuntime, read, hints));
  } catch (error) {
    if (error instanceof GimbalError) return error;
    throw error;
  }
}

function feedingOf(prepared: PreparedModel): Feeding {
  return { assumed: assumptionsOf(prepared), notes: prepared.notes, warnings: prepared.warnings };
}

function describeFeeding(feeding: Feeding): string {
  if ('problem' in feeding) return `gimbal evaluate cannot feed it as it is:\n  ${feeding.problem}`;
  const { assumed, notes, warnings } = feeding;
  const found = [...warnings.map((warning) => `Warning: ${warning}`), ...notes];
  return [
    'gimbal evaluate assumes, unless its options say otherwise:',
    ...assumed.map((line) => `  ${visible(line)}`),
    ...(found.length === 0 ? [] : ['', 'Found by running it:', ...found.map((line) => `  ${visible(line)}`)]),
  ].join('\n');
}

/** Operators in the way, or what computing a gradient on a blank image came to. */
async function obstaclesOf(prepared: PreparedModel): Promise<Obstacles> {
  const { model, description } = prepared;
  const unsupported = unsupportedIn({ ...model, graph: pruneGraph(model.graph, [description.output.name]) });
  if (unsupported.length > 0) return unsupported;
  if (model.graph.nodes.length > MOST_NODES_TRIED) return [TOO_LARGE];
  const obstacle = await gradientObstacle(nodeRuntime, prepared);
  return obstacle === undefined ? [] : [obstacle];
}

/** What ONNX Runtime takes to load a differentiated graph grows with the square of its nodes. */
const MOST_NODES_TRIED = 5000;

const TOO_LARGE = `no gradient was tried, as ONNX Runtime takes long to load one of more than ${MOST_NODES_TRIED} nodes`;
const UNTRIED = 'no gradient was tried, as it cannot be fed as it is';

/** Of a model that is not fed nothing can be promised. */
function obstaclesUnfed(model: Model): Obstacles {
  const unsupported = unsupportedIn(model);
  return unsupported.length > 0 ? unsupported : [UNTRIED];
}

function unsupportedIn(model: Model): Obstacles {
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

function describeObstacles(obstacles: Obstacles): string {
  if (obstacles[0] === TOO_LARGE) return `Every operator has a derivative; ${TOO_LARGE}.`;
  if (obstacles[0] === UNTRIED) return 'Whether it can be differentiated shows once it can be fed.';
  return obstacles.length === 0
    ? 'It can be differentiated: attacks that need gradients run on it.'
    : `It cannot be differentiated:\n${obstacles.map((obstacle) => `  ${visible(obstacle)}`).join('\n')}\nAttacks that need ` +
        'gradients take --gradient finite-difference instead.';
}
