import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { median } from './median.ts';

/** A peer in Python that makes one step for every line that it gets. */
export interface StepPeer {
  /** How its tensors lie in memory: `contiguous` or `channels-last`. */
  readonly memory: string;
  /** Milliseconds of one step. */
  step(): Promise<number>;
  /** Ends the peer. @returns the peak of its resident memory, MB */
  end(): Promise<number>;
}

/**
 * A script of tools/peers in both forms of memory.
 * @param python none: no peers
 */
export function stepPeers(
  python: string | undefined,
  script: string,
  args: (memory: string) => readonly string[],
): readonly StepPeer[] {
  if (python === undefined) return [];
  return ['contiguous', 'channels-last'].map((memory) => startPeer(python, script, memory, args(memory)));
}

function startPeer(python: string, script: string, memory: string, args: readonly string[]): StepPeer {
  const path = join(import.meta.dirname, '..', '..', 'tools', 'peers', script);
  const child = spawn(python, [path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_PROC_BIND: 'true' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<number> => Number((await lines.next()).value);
  return {
    memory,
    step: () => {
      child.stdin.write('step\n');
      return next();
    },
    end: () => {
      child.stdin.end();
      return next();
    },
  };
}

/** Steps of either side before those that count. */
const WARM_UP = 2;

/**
 * Makes steps of ours and of the peers in turn, and ends the peers.
 * @param own one step of ours, by its number: those below 0 do not count
 * @returns `ours` and each peer's median milliseconds, each peer's memory in MB, and the median ratio to the best peer
 */
export async function inTurns(
  own: (step: number) => Promise<void>,
  peers: readonly StepPeer[],
  steps: number,
): Promise<Record<string, number>> {
  const times: number[] = [];
  const theirs = peers.map((): number[] => []);
  for (let step = -WARM_UP; step < steps; step++) {
    const started = performance.now();
    await own(step);
    const ms = performance.now() - started;
    if (step >= 0) times.push(ms);
    for (const [i, peer] of peers.entries()) {
      const other = await peer.step();
      if (step >= 0) theirs[i].push(other);
    }
  }
  const result: Record<string, number> = { ours: Math.round(median(times)) };
  for (const [i, peer] of peers.entries()) {
    result[peer.memory] = Math.round(median(theirs[i]));
    result[`${peer.memory}MB`] = Math.round(await peer.end());
  }
  if (peers.length > 0) {
    const best = theirs.reduce((a, b) => (median(a) <= median(b) ? a : b));
    result.ratio = Number(median(times.map((ms, i) => ms / best[i])).toFixed(3));
  }
  return result;
}
