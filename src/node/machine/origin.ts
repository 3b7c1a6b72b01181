import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { env } from '../runtime/onnxruntime.ts';
import { GIMBAL_VERSION } from '../version.ts';
import type { Origin } from '../../ports/machine.ts';
import { describeMachine } from './describe-machine.ts';

/** By what a run of this process is made. */
export async function origin(): Promise<Origin> {
  return {
    versions: { gimbal: GIMBAL_VERSION, 'onnxruntime-node': env.versions.node ?? null, node: process.versions.node },
    commit: await gitCommit(),
    machine: describeMachine(),
    begun: new Date().toISOString(),
  };
}

/** Commit of the working folder, with `-dirty` where files were changed; `null` outside of a repository. */
async function gitCommit(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(
      'git',
      ['describe', '--always', '--dirty', '--abbrev=40', '--match='],
      { timeout: 5000 },
    );
    return stdout.trim() || null;
  } catch {
    return null;
  }
}
