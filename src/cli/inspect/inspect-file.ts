import { GimbalError } from '../../errors/error.ts';
import { differentiability } from '../../gradients/differentiability.ts';
import { namingFile, readModelFile } from '../../node/runtime/open.ts';
import { modelPath } from '../../node/runtime/shipped-models.ts';
import { formatInspection } from '../../onnx/format-inspection.ts';
import type { Model } from '../../onnx/graph.ts';
import { inspectModel } from '../../onnx/inspect.ts';
import { readModel } from '../../onnx/read.ts';
import { toWorkingOpset } from '../../onnx/upgrade.ts';
import { widenFloat16 } from '../../onnx/widen.ts';
import type { InspectOptions } from '../../options/inspect-options.ts';
import type { Terminal } from '../terminal.ts';

/** What stands in the way of gradients, a sentence each; empty where nothing does. */
type Obstacles = readonly string[];

/** Prints what a model holds. @returns exit code */
export async function inspectFile({ model: given, shape, json }: InspectOptions, terminal: Terminal): Promise<number> {
  const path = await modelPath(given);
  const bytes = await readModelFile(path);
  const [inspection, obstacles] = await namingFile(path, () => {
    const model = readModel(bytes);
    return [inspectModel(model, shape), findObstacles(model)] as const;
  });
  if (json) {
    terminal.out(`${JSON.stringify({ ...inspection, differentiable: obstacles.length === 0, obstacles }, undefined, 2)}\n`);
  } else {
    terminal.out(`${formatInspection(inspection)}\n\n${describeObstacles(obstacles)}\n`);
  }
  return 0;
}

function findObstacles(model: Model): Obstacles {
  try {
    const { unsupported } = differentiability(widenFloat16(toWorkingOpset(model)).graph);
    return unsupported.map(({ opType, nodes, reason }) => `${opType}: ${reason} (${listed(nodes)})`);
  } catch (error) {
    // A model of an opset that cannot be brought to the working one is inspected all the same.
    if (error instanceof GimbalError) {
      return [error.message];
    }
    throw error;
  }
}

const LISTED = 5;

function listed(nodes: readonly string[]): string {
  const more = nodes.length > LISTED ? ` and ${nodes.length - LISTED} more` : '';
  return `${nodes.length === 1 ? 'node' : 'nodes'} ${nodes.slice(0, LISTED).join(', ')}${more}`;
}

function describeObstacles(obstacles: Obstacles): string {
  return obstacles.length === 0
    ? 'It can be differentiated: attacks that need gradients run on it.'
    : `It cannot be differentiated:\n${obstacles.map((obstacle) => `  ${obstacle}`).join('\n')}\nAttacks that need gradients take --gradient finite-difference instead.`;
}
