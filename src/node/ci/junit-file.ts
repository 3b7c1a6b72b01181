import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { JUNIT_MARK, type JUnitSuite, renderJUnit } from '../../report/junit/render-junit.ts';
import type { Input } from '../../ports/folders.ts';
import { claimFile } from '../output/claim-file.ts';
import { makeFolder } from '../output/make-folder.ts';
import { writeAtomically } from '../output/write-atomically.ts';
import { GIMBAL_VERSION } from '../version.ts';
import { optionWords } from '../../errors/option-words.ts';

/** What a report says; when it was written and by which version is added. */
export type JUnitContent = Omit<JUnitSuite, 'timestamp' | 'gimbal'>;

/**
 * Writes JUnit XML, never over an input or a file that is none of ours.
 * @throws misuse `output-is-input`, `output-exists`, `output-not-writable`
 */
export async function writeJUnitFile(path: string, inputs: readonly Input[], content: JUnitContent): Promise<void> {
  await makeFolder(dirname(path));
  const target = await claimFile(path, {
    inputs,
    isOurs,
    what: `a report that ${optionWords('junit')} wrote`,
    option: optionWords('junit'),
  });
  const timestamp = new Date().toISOString().slice(0, 19);
  await writeAtomically(target, renderJUnit({ ...content, timestamp, gimbal: GIMBAL_VERSION }));
}

async function isOurs(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(200), 0, 200, 0);
    return buffer.subarray(0, bytesRead).toString().includes(JUNIT_MARK);
  } finally {
    await file.close();
  }
}
