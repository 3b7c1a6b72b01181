import { availableParallelism, cpus, totalmem } from 'node:os';

/** This machine in words: `2 cores of Intel(R) Xeon(R) Processor, 15 GiB`. */
export function describeMachine(): string {
  return `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}
