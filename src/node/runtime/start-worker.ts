import { Worker } from 'node:worker_threads';
import type { StartWorker } from '../../ports/workers.ts';
import type { StartJobWorker } from '../../workers/pool.ts';

/**
 * How long an asked-for end may take, in milliseconds. A worker inside native code ends only when that returns, which
 * may be never.
 */
const END = 500;

/** What starts worker threads of a script. */
export const threadsOf =
  <Setup, Sent, Received>(script: URL): StartWorker<Setup, Sent, Received> =>
  (setup, listener) => {
    // Flags of the host process (as --input-type, with -e) need not suit a worker.
    const worker = new Worker(script, { workerData: setup, execArgv: [] });
    const gone = new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        listener.fault(new Error(`it ended with code ${code}`));
        resolve();
      });
    });
    worker.on('error', (error) => listener.fault(error));
    worker.on('messageerror', (error) => listener.fault(error));
    worker.on('message', (reply) => listener.message(reply));
    return {
      post: (message) => worker.postMessage(message),
      setBusy: (busy) => (busy ? worker.ref() : worker.unref()),
      async leave(patience) {
        if (await within(patience, gone)) return;
        void worker.terminate();
        if (!(await within(END, gone))) worker.unref();
      },
    };
  };

/** Starts a worker thread that answers a classifier's jobs. */
export const startWorker: StartJobWorker = threadsOf(new URL('./worker.js', import.meta.url));

/** Whether something comes in a time. */
async function within(milliseconds: number, coming: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const inTime = await Promise.race([coming.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
