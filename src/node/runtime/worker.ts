import { parentPort, workerData } from 'node:worker_threads';
import { MARKED, wordOptions } from '../../errors/option-words.ts';
import { answerJobs } from '../../workers/answer-jobs.ts';
import type { Message, WorkerSetup } from '../../workers/messages.ts';
import { nodeRuntime } from './runtime.ts';

wordOptions(MARKED);

/** A worker thread of a classifier. */
const port = parentPort!;
const take = answerJobs(
  workerData as WorkerSetup,
  nodeRuntime,
  (reply, transferred) =>
    port.postMessage(
      reply,
      transferred.map(({ buffer }) => buffer as ArrayBuffer),
    ),
  () => port.close(),
);
port.on('message', (message: Message) => take(message));
