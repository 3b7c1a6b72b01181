import { z } from 'zod';
import { misuse } from '../../errors/error.ts';
import { resultSchema, withFormat } from '../../evaluation/record-schema.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { formatField, formatName } from '../../json/format.ts';
import { readJsonIfThere, readSealed } from '../../ports/read-json.ts';
import { readText } from '../../ports/read-text.ts';
import { JUNIT_MARK } from '../../report/junit/render-junit.ts';
import type { Files } from '../../ports/files.ts';
import { sealed } from '../../json/sealed.ts';
import { toText } from '../../json/to-text.ts';
import type { Json } from '../../json/differences.ts';

const CONFIG_FILE = 'config.json';
export const RESULT_FILE = 'result.json';
export const RECORDS_FILE = 'images.jsonl';

/** What `config.json` holds. */
export type RunConfig = { readonly [key: string]: Json };

const KIND = 'evaluation';
const FORMAT = 1;
const ADVICE = 'Put it back from a copy, choose another --out, or delete the folder to start anew.';
const DAMAGED = { code: 'run-folder-damaged', advice: ADVICE };

const anything = z.record(z.string(), z.unknown());
const configSchema = z.looseObject({
  format: formatField(KIND, FORMAT),
  versions: anything,
  command: z.string(),
  model: z.looseObject({ name: z.string(), sha256: z.string() }),
  data: z.looseObject({ name: z.string(), fingerprint: z.string() }),
  options: anything,
});

/**
 * Whether a folder holds an evaluation, by its `config.json`.
 * @throws misuse `not-a-run-folder` where that is another's
 */
export async function holdsEvaluation(files: Files, directory: string, names: ReadonlySet<string>): Promise<boolean> {
  if (!names.has(CONFIG_FILE)) {
    if (names.has(RECORDS_FILE)) throw foreign(directory, `holds an ${RECORDS_FILE} but no ${CONFIG_FILE}.`);
    return holdsJUnitAlone(files, directory, names);
  }
  const config = (await readJsonIfThere(files, files.join(directory, CONFIG_FILE), z.unknown(), DAMAGED)) as
    object | null;
  const { format, versions, recipe } = (config ?? {}) as Record<string, unknown>;
  // A field of its own says so from format 1 on; version 0.1.0 wrote versions for evaluations alone.
  const ours = typeof format === 'string' ? format.startsWith(formatName(KIND, FORMAT).slice(0, -1)) : versions;
  if (ours) return true;
  throw recipe === undefined
    ? foreign(directory, `holds a ${CONFIG_FILE} that Gimbal did not write.`)
    : foreign(directory, 'is the folder of a training run.');
}

/** Whether all that is there are reports of `--junit`: they are begun before the run, and left by one that failed. */
async function holdsJUnitAlone(files: Files, directory: string, names: ReadonlySet<string>): Promise<boolean> {
  for (const name of names) {
    if (!name.toLowerCase().endsWith('.xml')) return false;
    const text = await readText(files, files.join(directory, name)).catch(() => '');
    if (!text.includes(JUNIT_MARK)) return false;
  }
  return names.size > 0;
}

/** What the `config.json` of a run says. @throws misuse `run-folder-damaged` */
export async function readConfig(files: Files, directory: string): Promise<RunConfig | undefined> {
  const config = await readSealed(files, files.join(directory, CONFIG_FILE), configSchema, DAMAGED);
  return config === undefined ? undefined : (withoutFormat(config) as RunConfig);
}

/** Whether a folder has what the folder of an evaluation has. */
export async function isRunFolder(files: Files, directory: string): Promise<boolean> {
  for (const name of [RECORDS_FILE, CONFIG_FILE])
    if ((await files.kindOf(files.join(directory, name))) === undefined) return false;
  return true;
}

/**
 * What the `config.json` of a run says.
 * @throws misuse `not-a-run-folder`, `run-folder-damaged`
 */
export async function readRunConfig(files: Files, directory: string): Promise<RunConfig> {
  const config = (await isRunFolder(files, directory)) ? await readConfig(files, directory) : undefined;
  if (config !== undefined) return config;
  throw misuse({
    code: 'not-a-run-folder',
    subject: directory,
    problem: `is not the folder of an evaluation, which holds ${CONFIG_FILE} and ${RECORDS_FILE}.`,
    advice: 'Name one that gimbal evaluate wrote: it stands in front of report.html at the end of what that prints.',
  });
}

export async function writeConfig(files: Files, directory: string, config: RunConfig): Promise<void> {
  await files.write(
    files.join(directory, CONFIG_FILE),
    toText(sealed({ format: formatName(KIND, FORMAT), ...config })),
  );
}

/** The result of a run that was finished. @throws misuse `run-folder-damaged` */
export async function readResult(files: Files, directory: string): Promise<EvaluationResult | undefined> {
  const result = await readSealed(files, files.join(directory, RESULT_FILE), resultSchema, DAMAGED);
  return result === undefined ? undefined : (withoutFormat(result as object) as EvaluationResult);
}

/** `result.json`, and what `--json` prints. */
export function resultText(result: EvaluationResult): string {
  return toText(sealed(withFormat(result)));
}

/** Of records that are not those which the result of the finished run sums up. */
export function notAllOf(path: string, records: number, n: number): Error {
  return misuse({
    ...DAMAGED,
    subject: path,
    problem: `holds ${records} images whole, and ${RESULT_FILE} sums up ${n}: some were ${records < n ? 'lost' : 'added'} since.`,
  });
}

function withoutFormat({ format: _, ...rest }: object & { readonly format?: unknown }): object {
  return rest;
}

function foreign(directory: string, problem: string): Error {
  return misuse({ code: 'not-a-run-folder', subject: directory, problem, advice: 'Choose another --out.' });
}
