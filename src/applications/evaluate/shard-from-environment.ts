import { formatShard, type Shard } from '../../data/shard.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Scheduler {
  readonly name: string;
  /** The variable by which it is known. */
  readonly index: string;
  /** Which of how many tasks this is; a sentence where the variables do not say it. */
  readonly read: (environment: Environment) => Shard | string;
}

const SCHEDULERS: readonly Scheduler[] = [
  { name: 'SLURM', index: 'SLURM_ARRAY_TASK_ID', read: readSlurm },
  {
    name: 'Kubernetes',
    index: 'JOB_COMPLETION_INDEX',
    read: (environment) => fromZero(environment, 'JOB_COMPLETION_INDEX', 'JOB_COMPLETIONS'),
  },
  {
    name: 'AWS Batch',
    index: 'AWS_BATCH_JOB_ARRAY_INDEX',
    read: (environment) => fromZero(environment, 'AWS_BATCH_JOB_ARRAY_INDEX', 'AWS_BATCH_JOB_ARRAY_SIZE'),
  },
];

/**
 * The shard that a scheduler gave this process, from its environment.
 * @throws misuse `no-shard-told` where no scheduler says it, two say it, or one says it in part
 */
export function shardFromEnvironment(environment: Environment): Shard {
  const found = SCHEDULERS.filter(({ index }) => environment[index] !== undefined);
  const told = found.map(({ read }) => read(environment));
  const [shard] = told;
  if (shard === undefined) {
    const names = SCHEDULERS.map(({ name, index }) => `${name} (${index})`).join(', ');
    throw refuse(`is auto, and the environment names no task of an array: none of ${names} is set.`);
  }
  if (typeof shard === 'string') throw refuse(`is auto, and ${shard}.`);
  const other = told.findIndex((one) => typeof one !== 'string' && formatShard(one) !== formatShard(shard));
  if (other > 0)
    throw refuse(
      `is auto, and the environment says two things: ${formatShard(shard)} by ${found[0].name}, ` +
        `${formatShard(told[other] as Shard)} by ${found[other].name}.`,
    );
  return shard;
}

/**
 * An array from 0 or 1 on in steps of 1. Any other is a part of one, as where only failed tasks are given again, and
 * its numbers do not say of how many shards they were.
 */
function readSlurm(environment: Environment): Shard | string {
  const names = ['ID', 'COUNT', 'MIN', 'MAX', 'STEP'].map((name) => `SLURM_ARRAY_TASK_${name}`);
  const [id, count, min = 0, max, step = 1] = names.map((name) => wholeIn(environment, name));
  if (id === undefined) return `SLURM_ARRAY_TASK_ID is '${environment.SLURM_ARRAY_TASK_ID}', no whole number`;
  if (count === undefined) return 'SLURM_ARRAY_TASK_COUNT is not set';
  const last = max ?? min + count - 1;
  if (min > 1 || step !== 1 || last - min + 1 !== count || id < min || id > last)
    return (
      `task ${id} of the SLURM array is one of ${count} from ${min} to ${last}: only arrays that run from 0 or 1 on ` +
      'without gaps say which shard it is'
    );
  return { index: id - min + 1, of: count };
}

function fromZero(environment: Environment, indexName: string, countName: string): Shard | string {
  const [index, count] = [wholeIn(environment, indexName), wholeIn(environment, countName)];
  if (index === undefined) return `${indexName} is '${environment[indexName]}', no whole number`;
  if (count === undefined) return `${countName} is not set to the number of tasks`;
  return index < count ? { index: index + 1, of: count } : `${indexName} is ${index} of ${count}, which counts from 0`;
}

function wholeIn(environment: Environment, name: string): number | undefined {
  const text = environment[name];
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function refuse(problem: string): Error {
  return misuse({
    code: 'no-shard-told',
    subject: optionWords('shard'),
    problem,
    advice: `Name the shard itself: ${optionWords('shard', '3/64')}.`,
  });
}
