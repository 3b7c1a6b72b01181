import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../onnx/builder.ts';
import { writeModel } from '../../onnx/write.ts';
import { modelOf } from '../../testing/onnx.ts';
import { recordingTerminal } from '../../testing/terminal.ts';
import { supervise } from './supervise.ts';

const BIN = fileURLToPath(new URL('../../../bin/gimbal.js', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gimbal-supervise-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Code as the process that is supervised; `joinSupervisor` and `interruptible` are at hand. */
function script(name: string, code: string): URL {
  const path = join(folder, `${name}.mjs`);
  const dist = (file: string): string => JSON.stringify(new URL(`../${file}.js`, import.meta.url).href);
  writeFileSync(
    path,
    `import { writeFileSync } from 'node:fs';
     import { joinSupervisor, tell } from ${dist('supervision/channel')};
     import { interruptible } from ${dist('interrupt')};
     joinSupervisor();
     ${code}`,
  );
  return pathToFileURL(path);
}

async function outcome(name: string, code: string): Promise<{ code: number; error: string }> {
  const terminal = recordingTerminal();
  return { code: await supervise(script(name, code), [], terminal), error: terminal.written.error };
}

describe('supervise', () => {
  test('passes on the exit code', async () => {
    expect(await outcome('seven', 'process.exitCode = 7;')).toEqual({ code: 7, error: '' });
  });

  test.each(['SIGSEGV', 'SIGABRT', 'SIGFPE'])('tells of a process that %s ended in one line', async (signal) => {
    const { code, error } = await outcome(signal, `process.kill(process.pid, '${signal}');`);
    expect(code).toBe(3);
    expect(error).toMatch(
      new RegExp(`^gimbal: the process of the command was ended by ${signal}: .*ONNX Runtime.*\n$`),
    );
  });

  test('tells of a process that was killed', async () => {
    const { code, error } = await outcome('killed', `process.kill(process.pid, 'SIGKILL');`);
    expect([code, error]).toEqual([3, expect.stringMatching(/^gimbal: .*\(SIGKILL\).*memory.*\n$/)]);
  });

  test('a process whose supervisor was gone before it could look does nothing', async () => {
    const trace = join(folder, 'trace');
    const path = script('late', `writeFileSync(${JSON.stringify(trace)}, ''); setInterval(() => 0, 1000);`);
    // The process of no supervisor: the parent is another one, as after kill −9.
    const env = { ...process.env, GIMBAL_SUPERVISOR: '1' };
    const child = spawn(process.execPath, [fileURLToPath(path)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(existsSync(trace)).toBe(false);
  });

  test('a process that is done ends, although a thread never returns', async () => {
    const code = `setInterval(() => undefined, 1000); await tell({ kind: 'ended', exitCode: 3 });`;
    expect(await outcome('done', code)).toEqual({ code: 3, error: '' });
  });
});

/** Runs code under a supervisor of its own and signals that one when a file says that the code is there. */
async function signalled(name: string, code: string, signals: readonly NodeJS.Signals[], gap = 400): Promise<number> {
  const ready = join(folder, `${name}.ready`);
  const url = script(name, code.replaceAll('READY', `writeFileSync(${JSON.stringify(ready)}, String(process.pid))`));
  const starter = join(folder, `${name}-supervisor.mjs`);
  writeFileSync(
    starter,
    `import { supervise } from ${JSON.stringify(new URL('./supervise.js', import.meta.url).href)};
     process.exitCode = await supervise(new URL(${JSON.stringify(url.href)}), []);`,
  );
  const parent = spawn(process.execPath, [starter], { stdio: 'inherit', timeout: 30_000, killSignal: 'SIGKILL' });
  const exit = once(parent, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  while (parent.exitCode === null && (!existsSync(ready) || readFileSync(ready, 'utf8') === '')) await setTimeout(10);
  for (const [i, signal] of signals.entries()) {
    if (i > 0) await setTimeout(gap);
    parent.kill(signal);
  }
  const [exitCode, by] = await exit;
  return exitCode ?? -constants.signals[by!];
}

/** Whether a process is gone, within some seconds. */
async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 500; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await setTimeout(10);
  }
  return false;
}

// Something has to keep the process, as work does.
const STOPS = `const work = setInterval(() => undefined, 1000); await interruptible(async (signal) => {
  READY;
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  return 130;
}).then((exitCode) => tell({ kind: 'ended', exitCode }));
clearInterval(work);`;

describe('signals', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s asks the command to stop, which ends with %i', async (signal, code) => {
    expect(await signalled(`stops-${signal}`, STOPS, [signal])).toBe(code);
  });

  test('the Ctrl-C that npm passes on right after that of the terminal is the same one', async () => {
    const slow = STOPS.replace('return 130', 'await new Promise((end) => setTimeout(end, 1500)); return 42');
    expect(await signalled('npm', slow, ['SIGINT', 'SIGINT'], 20)).toBe(42);
  });

  test('a second one ends a command that takes its time', async () => {
    const never = STOPS.replace('return 130', 'await new Promise(() => undefined)');
    expect(await signalled('second', never, ['SIGTERM', 'SIGINT'])).toBe(143);
  });

  test('one is enough for a command that cannot stop by itself, or whose main thread is held', async () => {
    expect(await signalled('held', 'READY; for (;;);', ['SIGINT'])).toBe(130);
    const held = 'await interruptible(async () => { await tell({}); READY; for (;;); }, 100)';
    expect(await signalled('stoppable-but-held', held, ['SIGINT'])).toBe(130);
  });

  test('the command ends with a supervisor that is killed', async () => {
    expect(await signalled('orphan', 'READY; for (;;);', ['SIGKILL'])).toBe(-constants.signals.SIGKILL);
    expect(await isGone(Number(readFileSync(join(folder, 'orphan.ready'), 'utf8')))).toBe(true);
  });
});

/**
 * A model that keeps ONNX Runtime at work for minutes: products of 2,048 × 2,048, while it is loaded (they are
 * constant) or run.
 */
function endlessModel(when: 'load' | 'run'): Uint8Array {
  const b = new GraphBuilder('endless');
  const images = b.input('images', 'float32', ['N', 1, 28, 28]);
  const side = b.ints([2048, 2048]);
  const one = when === 'load' ? b.op('ConstantOfShape', [b.ints([1])]) : b.op('ReduceMax', [images], { keepdims: 0 });
  let product = b.op('Expand', [b.op('Reshape', [one, b.ints([1])]), side]);
  for (let i = 0; i < 2000; i++) product = b.op('MatMul', [product, product]);
  const most = b.op('ReduceMax', [product], { keepdims: 0 });
  b.outputAs('scores', b.op('Add', [b.op('Flatten', [images]), most]), 'float32', ['N', 784]);
  return writeModel(modelOf(b.build(), 17));
}

/** Waits until the command has used more processor time than starting takes: it is inside ONNX Runtime then. */
async function held(supervisor: ChildProcess): Promise<void> {
  const { pid } = supervisor;
  const ticks = (): number => {
    const child = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    if (child === '') return 0;
    const fields = readFileSync(`/proc/${child}/stat`, 'utf8').split(') ')[1].split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  while (supervisor.exitCode === null && ticks() < 200) await setTimeout(50);
}

describe('gimbal', () => {
  test.runIf(existsSync('/proc/self/stat')).each([
    ['evaluate', 'load'],
    ['evaluate', 'run'],
    ['harden', 'run'],
    ['inspect', 'run'],
  ] as const)('%s ends by SIGTERM while a model holds ONNX Runtime in its %s', async (command, when) => {
    const model = join(folder, `${command}-${when}.onnx`);
    writeFileSync(model, endlessModel(when));
    const child = spawn(
      process.execPath,
      [BIN, command, model, ...(command === 'inspect' ? [] : ['--data', 'glyphs'])],
      {
        stdio: 'ignore',
        timeout: 50_000,
        killSignal: 'SIGKILL',
      },
    );
    const exit = once(child, 'exit') as Promise<[number | null]>;
    await held(child);
    const asked = performance.now();
    child.kill('SIGTERM');
    expect((await exit)[0]).toBe(143);
    expect(performance.now() - asked).toBeLessThan(10_000);
  });

  test.runIf(existsSync('/dev/full'))('shows no stack where its streams cannot be written, and fails', () => {
    const to = (redirection: string, command = 'recipes'): { status: number | null; said: string } => {
      const { status, stdout, stderr } = spawnSync(
        'sh',
        ['-c', `"${process.execPath}" "${BIN}" ${command} ${redirection}`],
        {
          encoding: 'utf8',
        },
      );
      return { status, said: stdout + stderr };
    };
    const failed = {
      status: 3,
      said: expect.stringMatching(/^gimbal: standard output: could not be written \(ENOSPC\)\. .*\n$/),
    };
    expect(to('> /dev/full')).toEqual(failed);
    expect(to('> /dev/full', 'inspect mnist-standard --json')).toEqual(failed);
    expect(to('2> /dev/full', 'no-such')).toEqual({ status: 2, said: '' });
    expect(to('> /dev/full 2> /dev/full', 'inspect no-such.onnx')).toEqual({ status: 2, said: '' });
    expect(to('| head -n 1').said).toMatch(/^[^\n]+\n$/);
  });
});
