import { MARKED, wordOptions } from '../errors/option-words.ts';
import { answerJobs } from '../workers/answer-jobs.ts';
import type { Message, WorkerReply, WorkerSetup } from '../workers/messages.ts';
import { locateWasm, type WasmFiles } from './onnxruntime.ts';
import { webRuntime } from './runtime.ts';
import { workerScope } from './worker-scope.ts';

wordOptions(MARKED);

/** What comes first, once. */
export interface JobWorkerStart {
  readonly setup: WorkerSetup;
  readonly wasm: WasmFiles;
}

/** A Web Worker of a classifier. */
const scope = workerScope<JobWorkerStart | Message, WorkerReply>();
let take: ((message: Message) => void) | undefined;

scope.onmessage = ({ data }) => {
  if (!('setup' in data)) return take?.(data);
  locateWasm(data.wasm);
  take = answerJobs(
    data.setup,
    webRuntime,
    (reply, transferred) =>
      scope.postMessage(
        reply,
        transferred.map(({ buffer }) => buffer as ArrayBuffer),
      ),
    () => scope.close(),
  );
};
