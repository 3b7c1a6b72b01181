import { setTimeout } from 'node:timers/promises';
import type { ShardCondition, ShardState } from '../../applications/merge/shard-states.ts';
import { doneIn, watchShards } from '../../applications/merge/watch-shards.ts';
import type { Platform } from '../../applications/platform.ts';
import type { Terminal } from '../terminal.ts';
import { formatClock, formatCount, formatRate } from '../../notation/numbers.ts';

const LIVE_MS = 2000;
const PLAIN_MS = 30_000;

/** Conditions that someone may have to do something about, in the order in which they are told. */
const TOLD: readonly ShardCondition[] = ['cut off', 'silent', 'not begun'];

interface WatchOptions {
  readonly signal: AbortSignal;
  /** Shows only shards that were cut off. */
  readonly quiet?: boolean;
  /** Between looks, in milliseconds. */
  readonly interval?: number;
}

/**
 * Shows how far shards are until all are done, and names once what goes on with each that was cut off.
 * @returns whether all are done; false where the signal ended it
 */
export async function showShards(
  platform: Platform,
  folders: readonly string[],
  terminal: Terminal,
  { signal, quiet = false, interval = terminal.live ? LIVE_MS : PLAIN_MS }: WatchOptions,
): Promise<boolean> {
  const isLive = terminal.live && !quiet;
  try {
    for await (const { states, cutOff, fresh, seconds } of watchShards(platform, folders)) {
      for (const shard of cutOff) {
        if (isLive) terminal.rewrite('');
        terminal.error(`${describeCutOff(shard)}\n`);
      }
      const line = states === undefined ? 'no shard has begun' : describeShards(states, fresh, seconds);
      if (!quiet) show(terminal, line);
      const allDone = states?.every(({ condition }) => condition === 'done') === true;
      if (!allDone && (signal.aborted || !(await pause(interval, signal)))) return false;
    }
    return true;
  } finally {
    if (isLive) terminal.endLine();
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return setTimeout(milliseconds, true, { signal }).catch(() => false);
}

function show(terminal: Terminal, line: string): void {
  if (terminal.live) terminal.rewrite(line.slice(0, terminal.columns - 1));
  else terminal.error(`${line}\n`);
}

function describeCutOff({ name, done, images, command }: ShardState): string {
  const where = `${formatCount(done)} of ${formatCount(images)} images`;
  return `shard ${name} was cut off after ${where}; it goes on by: ${command}`;
}

/**
 * `17/64 shards done · 5,120/10,000 images · 310 images/s · 0:16 left · cut off: 3, 9 · not begun: 40–64`
 * @param seconds in which `fresh` images were finished
 */
export function describeShards(states: readonly ShardState[], fresh: number, seconds: number): string {
  const [done, images] = [doneIn(states), states.reduce((sum, one) => sum + one.images, 0)];
  const finished = states.filter(({ condition }) => condition === 'done').length;
  const parts = [`${finished}/${states.length} shards done`, `${formatCount(done)}/${formatCount(images)} images`];
  if (fresh > 0 && seconds > 0) {
    parts.push(`${formatRate(fresh / seconds)} images/s`);
    if (done < images) parts.push(`${formatClock(((images - done) * seconds) / fresh)} left`);
  }
  for (const condition of TOLD) {
    const numbers = states.filter((one) => one.condition === condition).map(({ name }) => parseInt(name, 10));
    if (numbers.length > 0) parts.push(`${condition}: ${ranges(numbers)}`);
  }
  return parts.join(' · ');
}

/** `3, 9, 40–64` */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}
