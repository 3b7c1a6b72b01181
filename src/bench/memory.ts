/*
 * Peak resident memory of whole evaluations: it must not grow with the number of images nor of grid points.
 *
 *     npm run bench -- memory MODEL.onnx SOURCE [--images 100,2000] [--grids 5x5x31,10x10x75]
 *         [-- more flags for evaluate]
 *
 * Each evaluation is a process of its own; the kernel's account of its largest resident set is printed.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { after, own } from './arguments.ts';

const {
  values,
  positionals: [model, data],
} = parseArgs({
  args: own,
  allowPositionals: true,
  options: { images: { type: 'string', default: '100,2000' }, grids: { type: 'string', default: '5x5x31' } },
});
if (data === undefined) {
  console.error(
    'usage: npm run bench -- memory MODEL.onnx SOURCE [--images 100,2000] [--grids 5x5x31,10x10x75] [-- more ' +
      'flags for evaluate]',
  );
  process.exit(2);
}

const CHILD = `
  const { main } = await import(process.argv[1]);
  process.exitCode = await main(process.argv.slice(2));
  console.log('peak ' + process.resourceUsage().maxRSS);
`;
const main = join(import.meta.dirname, '..', 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'gimbal-memory-'));
for (const grid of values.grids.split(',')) {
  for (const images of values.images.split(',')) {
    const out = join(folder, `${images}-${grid}`);
    const printed = execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        CHILD,
        main,
        'evaluate',
        model,
        '--data',
        data,
        '--limit',
        images,
        '--grid',
        grid,
        '--attacks',
        'natural,grid',
        '--out',
        out,
        '--quiet',
        ...after,
      ],
      { encoding: 'utf8' },
    );
    console.log(
      `${images} images, grid ${grid}: ${Math.round(Number(/peak (\d+)/.exec(printed)?.[1]) / 1024)} MiB at most`,
    );
  }
}
rmSync(folder, { recursive: true });
