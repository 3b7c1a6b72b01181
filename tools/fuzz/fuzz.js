/**
 * Reads a great many damaged files of every format that comes from outside and counts what comes of it.
 *
 *     node tools/build.js && node tools/fuzz/fuzz.js --count 1000000 [--from SEED] [--format NAME] [--watch SECONDS]
 *
 * One thread reads, this one watches: an input that takes longer than `--watch` seconds without giving its thread back
 * is named and passed over. Exits with 1 if anything but reading and refusing was seen.
 */
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fuzz } from './run.js';

if (isMainThread) await watch();
else await work();

async function work() {
  const { from, count, only, position } = workerData;
  const table = await fuzz({
    from,
    count,
    only,
    before: (_, seed) => Atomics.store(position, 0, BigInt(seed)),
    onFault: ({ error, ...fault }) =>
      parentPort.postMessage({
        fault: {
          ...fault,
          stack: error?.stack?.split('\n').slice(0, 6).join('\n'),
        },
      }),
  });
  parentPort.postMessage({ table });
}

async function watch() {
  const { values } = parseArgs({
    options: {
      from: { type: 'string', default: '0' },
      count: { type: 'string', default: '10000' },
      format: { type: 'string' },
      watch: { type: 'string', default: '60' },
    },
  });
  const end = Number(values.from) + Number(values.count);
  const piece = 20_000;
  const sums = new Map();
  let bad = false;
  for (let from = Number(values.from); from < end;) {
    const count = Math.min(piece, end - from);
    const reached = await part(
      from,
      count,
      values.format,
      Number(values.watch) * 1000,
      (table) => {
        for (const [name, row] of table) {
          const sum = sums.get(name) ?? {};
          for (const [key, value] of Object.entries(row)) sum[key] = Math.round(((sum[key] ?? 0) + value) * 10) / 10;
          sums.set(name, sum);
        }
      },
      (fault) => {
        bad = true;
        console.log(`${fault.format}, seed ${fault.seed}: ${fault.kind}\n${fault.stack ?? ''}`);
      },
    );
    from = reached;
    console.log(`${new Date().toISOString()} seeds up to ${from}`);
  }
  console.table(Object.fromEntries(sums));
  process.exitCode = bad ? 1 : 0;
}

/** @returns the seed to go on from */
function part(from, count, only, patience, onTable, onFault) {
  const position = new BigInt64Array(new SharedArrayBuffer(8));
  position[0] = BigInt(from);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { from, count, only, position },
    resourceLimits: { maxOldGenerationSizeMb: 1500 },
  });
  return new Promise((resolve) => {
    let [last, since] = [-1n, Date.now()];
    const timer = setInterval(() => {
      const now = Atomics.load(position, 0);
      if (now !== last) [last, since] = [now, Date.now()];
      else if (Date.now() - since > patience) giveUp('hangs');
    }, 1000);
    const giveUp = (kind, error) => {
      clearInterval(timer);
      const seed = Number(Atomics.load(position, 0));
      onFault({
        format: only ?? 'format of the seed',
        seed,
        kind,
        stack: error?.stack,
      });
      void worker.terminate().then(() => resolve(seed + 1));
    };
    worker.on('message', ({ fault, table }) => {
      if (fault !== undefined) return onFault(fault);
      clearInterval(timer);
      onTable(table);
      resolve(from + count);
    });
    worker.on('error', (error) => giveUp('crashes', error));
  });
}
