import {
  type Feeding,
  type InspectedModel,
  inspectFile,
  TOO_LARGE,
  UNTRIED,
} from '../../applications/inspect/inspect-model.ts';
import { visible } from '../../errors/visible.ts';
import { nodePlatform } from '../../node/platform.ts';
import { formatInspection } from '../../onnx/format-inspection.ts';
import type { InspectOptions } from '../../options/inspect-options.ts';
import type { Terminal } from '../terminal.ts';
import { describeSearch, inFlags } from './describe-search.ts';

/** Prints what a model holds. @returns exit code */
export async function printInspection(options: InspectOptions, terminal: Terminal): Promise<number> {
  const inspected = await inspectFile(nodePlatform, options);
  if (options.json) {
    const told = { ...inspected, search: inspected.search && inFlags(inspected.search) };
    terminal.out(`${JSON.stringify(told, undefined, 2)}\n`);
    return 0;
  }
  const { feeding, obstacles, search } = inspected;
  terminal.out(`${formatInspection(inspected)}\n\n${describeFeeding(feeding)}\n\n${describeObstacles(obstacles)}\n`);
  if (search !== undefined) terminal.out(`\n${describeSearch(search, options)}\n`);
  return 0;
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

function describeObstacles(obstacles: InspectedModel['obstacles']): string {
  if (obstacles[0] === TOO_LARGE) return `Every operator has a derivative; ${TOO_LARGE}.`;
  if (obstacles[0] === UNTRIED) return 'Whether it can be differentiated shows once it can be fed.';
  return obstacles.length === 0
    ? 'It can be differentiated: attacks that need gradients run on it.'
    : `It cannot be differentiated:\n${obstacles.map((obstacle) => `  ${visible(obstacle)}`).join('\n')}\nAttacks ` +
        'that need ' +
        'gradients take --gradient finite-difference instead.';
}
