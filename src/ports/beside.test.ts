import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { didYouMeanPath } from './beside.ts';
import { nodeFiles } from '../node/files.ts';

it('proposes what lies there under nearly the same name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-beside-'));
  await writeFile(join(folder, 'model.onnx'), '');
  expect(await didYouMeanPath(nodeFiles, join(folder, 'modle.onnx'))).toBe(
    ` Did you mean "${join(folder, 'model.onnx')}"?`,
  );
  expect(await didYouMeanPath(nodeFiles, join(folder, 'photographs'))).toBe('');
  expect(await didYouMeanPath(nodeFiles, join(folder, 'movie.onnx'))).toBe('');
  expect(await didYouMeanPath(nodeFiles, join(folder, 'none/modle.onnx'))).toBe('');
  await rm(folder, { recursive: true });
});
