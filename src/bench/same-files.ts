import { readFile, readdir } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';

/** Files that tell of one run's time or folder, or that differ in them alone. */
const NOT_COMPARED = new Set([
  'seconds.txt',
  'config.json',
  'report.html',
  'report.md',
  'checkpoint.bin',
  'checkpoint-before.bin',
]);

/** Names of the files in a folder, at any depth; none where there is no folder. */
export async function filesOf(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true }).catch(() => []);
}

/** Compares the results in two run folders byte for byte, times aside; prints what it compared. */
export async function differentFiles(one: string, other: string): Promise<string[]> {
  const names = new Set([...(await filesOf(one)), ...(await filesOf(other))].filter((name) => !NOT_COMPARED.has(name)));
  const different: string[] = [];
  for (const name of names) {
    const [a, b] = await Promise.all([contentOf(one, name), contentOf(other, name)]);
    if (a === undefined || b === undefined || !a.equals(b)) different.push(`${basename(other)}/${name}`);
  }
  const top = [...names].filter((name) => !name.includes(sep));
  console.log(`compared ${names.size} files: ${top.join(', ')}`);
  return different;
}

/** Without its times; undefined where there is no such file. */
async function contentOf(folder: string, name: string): Promise<Buffer | undefined> {
  const content = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) =>
    error.code === 'EISDIR' ? Buffer.of() : undefined,
  );
  if ((name !== 'result.json' && name !== 'metrics.jsonl') || content === undefined) return content;
  const documents = name === 'metrics.jsonl' ? content.toString().trim().split('\n') : [content.toString()];
  return Buffer.from(documents.map(timeless).join('\n'));
}

function timeless(text: string): string {
  const { seconds: _, imagesPerSecond: __, checksum: ___, ...result } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(result);
}
