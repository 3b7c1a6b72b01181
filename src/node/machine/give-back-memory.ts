import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Has what nothing refers to any more given back at once. V8 does that when it sees need, and sees only its own heap:
 * hundreds of megabytes of a file that was read and taken apart would lie beside the sessions that are made of it.
 */
export function giveBackMemory(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
