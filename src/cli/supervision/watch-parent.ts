import { workerData } from 'node:worker_threads';

/** Milliseconds between two looks. */
const INTERVAL = 50;

// A process whose parent is gone gets another one.
setInterval(() => {
  if (process.ppid !== (workerData as number)) process.kill(process.pid, 'SIGKILL');
}, INTERVAL);
