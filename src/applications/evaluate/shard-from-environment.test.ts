import { expect, it } from 'vitest';
import { formatShard } from '../../data/shard.ts';
import { shardFromEnvironment } from './shard-from-environment.ts';

const slurm = (id: number, count: number, min: number, more: Record<string, string> = {}) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_COUNT: String(count),
  SLURM_ARRAY_TASK_MIN: String(min),
  ...more,
});

it.each([
  ['sbatch --array=0-63', slurm(2, 64, 0, { SLURM_ARRAY_TASK_MAX: '63', SLURM_ARRAY_TASK_STEP: '1' }), '3/64'],
  ['sbatch --array=1-64', slurm(64, 64, 1, { SLURM_ARRAY_TASK_MAX: '64' }), '64/64'],
  ['sbatch --array=0-0', slurm(0, 1, 0), '1/1'],
  ['an Indexed Job', { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '8' }, '1/8'],
  ['an array job of AWS', { AWS_BATCH_JOB_ARRAY_INDEX: '9', AWS_BATCH_JOB_ARRAY_SIZE: '10' }, '10/10'],
  ['two that agree', { ...slurm(1, 4, 0), JOB_COMPLETION_INDEX: '1', JOB_COMPLETIONS: '4' }, '2/4'],
])('%s', (_, environment, shard) => {
  expect(formatShard(shardFromEnvironment(environment))).toBe(shard);
});

it.each([
  ['no scheduler', {}, 'names no task of an array'],
  ['failed tasks given again: --array=3,17', slurm(3, 2, 3, { SLURM_ARRAY_TASK_MAX: '17' }), 'from 3 to 17'],
  ['failed tasks given again: --array=3-4', slurm(3, 2, 3, { SLURM_ARRAY_TASK_MAX: '4' }), 'from 3 to 4'],
  ['a list from 0: --array=0,5', slurm(5, 2, 0, { SLURM_ARRAY_TASK_MAX: '5' }), 'from 0 to 5'],
  ['steps: --array=0-6:2', slurm(2, 4, 0, { SLURM_ARRAY_TASK_MAX: '6', SLURM_ARRAY_TASK_STEP: '2' }), 'without gaps'],
  ['no count', { SLURM_ARRAY_TASK_ID: '3' }, 'SLURM_ARRAY_TASK_COUNT is not set'],
  ['Kubernetes, which tells no count', { JOB_COMPLETION_INDEX: '3' }, 'JOB_COMPLETIONS is not set'],
  ['counted from 1', { JOB_COMPLETION_INDEX: '8', JOB_COMPLETIONS: '8' }, 'which counts from 0'],
  ['no number', { JOB_COMPLETION_INDEX: 'x', JOB_COMPLETIONS: '8' }, "'x', no whole number"],
  ['two that differ', { ...slurm(1, 4, 0), JOB_COMPLETION_INDEX: '2', JOB_COMPLETIONS: '4' }, 'says two things'],
])('refuses %s', (_, environment, problem) => {
  expect(() => shardFromEnvironment(environment)).toThrow(problem);
});
