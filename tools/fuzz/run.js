import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GimbalError } from '../../dist/errors/error.js';
import { formatsIn } from './formats.js';
import { randomOf } from './random.js';

const HANG = 5000;
const MEMORY = 2 ** 20; // Of 1,024 bytes each.

/**
 * Reads changed files and counts what comes of it: read, refused (an error of ours with a code), any other exception,
 * longer than 5 s, never settled within 30 s, more than 1 GB.
 *
 * @param from first seed; input `seed` is the same in every run
 * @param count seeds; they go round the formats
 * @param only name of a format
 * @param onFault told of each fault: format, seed, kind, error
 * @param before told of each input before it is read, so that a watcher knows what hangs
 */
export async function fuzz({ from = 0, count, only, onFault = () => {}, before = () => {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'gimbal-fuzz-'));
  try {
    const all = Object.entries(await formatsIn(folder));
    const formats = only === undefined ? all : all.filter(([name]) => name === only);
    if (formats.length === 0) throw new Error(`no format ${only}; there are ${all.map(([name]) => name).join(', ')}`);
    const table = new Map(
      formats.map(([name]) => [
        name,
        {
          inputs: 0,
          read: 0,
          refused: 0,
          crashes: 0,
          hangs: 0,
          unsettled: 0,
          memory: 0,
          seconds: 0,
        },
      ]),
    );
    // A file that is refused as it is would hide whatever lies behind the refusal.
    for (const [name, { bases, read }] of formats)
      for (const base of bases)
        await Promise.resolve(read(Buffer.from(base))).catch((cause) => {
          throw new Error(`the ${name} to begin with is not read: ${cause.message}`, { cause });
        });
    let peak = process.resourceUsage().maxRSS;
    for (let seed = from; seed < from + count; seed++) {
      const [name, { bases, mutate, read }] = formats[seed % formats.length];
      const row = table.get(name);
      const random = randomOf(seed);
      const bytes = mutate(random.pick(bases), random);
      before(name, seed);
      const start = performance.now();
      const outcome = await settle(() => read(bytes));
      const elapsed = performance.now() - start;
      row.inputs++;
      row.seconds += elapsed / 1000;
      if (outcome.kind !== 'crashes' && outcome.kind !== 'unsettled' && elapsed > HANG) outcome.kind = 'hangs';
      const now = process.resourceUsage().maxRSS;
      if (now > peak + MEMORY) outcome.kind = 'memory';
      peak = Math.max(peak, now);
      row[outcome.kind]++;
      if (outcome.kind !== 'read' && outcome.kind !== 'refused')
        onFault({
          format: name,
          seed,
          kind: outcome.kind,
          error: outcome.error,
        });
    }
    return table;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function settle(work) {
  let timer;
  try {
    const result = work();
    if (result instanceof Promise) {
      const late = new Promise((resolve) => (timer = setTimeout(resolve, 30_000, 'late')));
      if ((await Promise.race([result.then(() => undefined), late])) === 'late') return { kind: 'unsettled' };
    }
    return { kind: 'read' };
  } catch (error) {
    return error instanceof GimbalError && error.issue?.code ? { kind: 'refused' } : { kind: 'crashes', error };
  } finally {
    clearTimeout(timer);
  }
}
