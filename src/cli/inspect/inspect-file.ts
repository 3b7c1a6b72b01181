import { GimbalError } from '../../errors/error.ts';
import { differentiability } from '../../gradients/differentiability.ts';
import { namingFile, readModelFile, readSidecar } from '../../node/runtime/open.ts';
import { modelPath } from '../../node/runtime/shipped-models.ts';
import { assumptionsOf } from '../../model/assumptions.ts';
import { declaredFeeding } from '../../model/prepare.ts';
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

/** What is taken for granted about feeding a model, or why it cannot be fed as it is. */
type Feeding = { readonly assumed: readonly string[] } | { readonly problem: string };

/** Prints what a model holds. @returns exit code */
export async function inspectFile({ model: given, shape, json }: InspectOptions, terminal: Terminal): Promise<number> {
  const path = await modelPath(given);
  const { read: model } = await readModelFile(path, readModel);
  const [inspection, feeding, obstacles] = await namingFile(path, async () => {
    return [inspectModel(model, shape), await feedingOf(path, model), findObstacles(model)] as const;
  });
  if (json) {
    terminal.out(
      `${JSON.stringify({ ...inspection, feeding, differentiable: obstacles.length === 0, obstacles }, undefined, 2)}\n`,
    );
  } else {
    terminal.out(`${formatInspection(inspection)}\n\n${describeFeeding(feeding)}\n\n${describeObstacles(obstacles)}\n`);
  }
  return 0;
}

async function feedingOf(path: string, model: Model): Promise<Feeding> {
  try {
    return { assumed: assumptionsOf(declaredFeeding(model, await readSidecar(path))) };
  } catch (error) {
    // What is no classifier, leaves something open or has unfit hints beside it is inspected all the same.
    if (error instanceof GimbalError) {
      return { problem: error.message };
    }
    throw error;
  }
}

function describeFeeding(feeding: Feeding): string {
  return 'problem' in feeding
    ? `gimbal evaluate cannot feed it as it is:\n  ${feeding.problem}`
    : `gimbal evaluate assumes, unless its options say otherwise:\n${feeding.assumed.map((line) => `  ${line}`).join('\n')}`;
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
