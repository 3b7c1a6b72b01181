import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A peer in Python that makes one step for every line that it gets. */
export interface StepPeer {
  /** Milliseconds of one step. */
  step(): Promise<number>;
  /** Ends the peer. @returns the peak of its resident memory, MB */
  end(): Promise<number>;
}

/** Starts a script of tools/peers. */
export function stepPeer(python: string, script: string, args: readonly string[]): StepPeer {
  const path = join(import.meta.dirname, '..', '..', 'tools', 'peers', script);
  const child = spawn(python, [path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_PROC_BIND: 'true' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<number> => Number((await lines.next()).value);
  return {
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
