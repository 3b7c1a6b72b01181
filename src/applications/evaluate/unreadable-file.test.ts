import { expect, it } from 'vitest';
import type { Files } from '../../ports/files.ts';
import { readUnreadable, writeUnreadable } from './unreadable-file.ts';

const images = [{ position: 3, path: 'a.png', reason: 'is empty.', sha256: 'ab' }];

/** Files that hold one text. */
function holding(text?: string): Files & { readonly text: () => string | undefined } {
  let held = text;
  return {
    join: (...parts: string[]) => parts.join('/'),
    readIfThere: async () => (held === undefined ? undefined : new TextEncoder().encode(held)),
    write: async (_: string, content: string) => void (held = content),
    remove: async () => void (held = undefined),
    text: () => held,
  } as unknown as ReturnType<typeof holding>;
}

it('keeps what could not be read, with its format and a checksum', async () => {
  const files = holding();
  await writeUnreadable(files, 'run', images);
  expect(files.text()).toContain('"format": "gimbal-unreadable-1"');
  expect(await readUnreadable(files, 'run')).toEqual(images);
  const changed = holding(files.text()!.replace('a.png', 'b.png'));
  await expect(readUnreadable(changed, 'run')).rejects.toThrow('its checksum does not hold');
  await writeUnreadable(files, 'run', []);
  expect(await readUnreadable(files, 'run')).toEqual([]);
});

it('reads the bare list of version 0.1.0, and refuses what a newer version wrote', async () => {
  expect(await readUnreadable(holding(JSON.stringify(images)), 'run')).toEqual(images);
  const newer = holding(JSON.stringify({ format: 'gimbal-unreadable-2', images: [] }));
  await expect(readUnreadable(newer, 'run')).rejects.toThrow(/run\/unreadable\.json: .*newer version of Gimbal/);
});
