import { z } from 'zod';
import { type KeptFacts, keptFactsSchema } from '../../attacks/kept-facts.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
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
import type { Box } from '../../sets/box.ts';

const CONFIG_FILE = 'config.json';
export const RESULT_FILE = 'result.json';
export const RECORDS_FILE = 'images.jsonl';

type Facts = Readonly<Record<string, Json>>;

/** What `config.json` holds. */
export interface RunConfig {
  readonly versions: Facts;
  readonly commit?: string | null;
  readonly machine?: string;
  readonly begun?: string;
  readonly command: string;
  readonly model: Facts & { readonly name: string; readonly sha256: string; readonly path?: string };
  readonly data: Facts & {
    readonly name: string;
    readonly fingerprint: string;
    readonly classNames?: readonly string[];
  };
  /** What was asked for, by the names of the flags. */
  readonly options: Facts;
  readonly shard?: Json;
  /** Of how many shards it was put together. */
  readonly merged?: Json;
  /** How much of the whole is there, where shards are missing. */
  readonly partial?: Json;
  /** How a vote is evaluated. */
  readonly vote?: Json;
  /** What is known of attacks that do not come with Gimbal; earlier versions did not keep it. */
  readonly ownAttacks?: readonly KeptFacts[];
  /** The limits of the transformations, in pixels and degrees; version 0.1.0 may not tell them. */
  readonly box?: Box;
}

const KIND = 'evaluation';
const FORMAT = 1;

const json = z.json();
const facts = z.record(z.string(), json);
const configSchema: z.ZodType<RunConfig & { readonly format?: string }> = z.looseObject({
  format: formatField(KIND, FORMAT),
  versions: facts,
  commit: z.string().nullable().optional(),
  machine: z.string().optional(),
  begun: z.string().optional(),
  command: z.string(),
  model: facts.and(z.object({ name: z.string(), sha256: z.string(), path: z.string().optional() })),
  data: facts.and(z.object({ name: z.string(), fingerprint: z.string(), classNames: z.array(z.string()).optional() })),
  options: facts,
  shard: json.optional(),
  merged: json.optional(),
  partial: json.optional(),
  vote: json.optional(),
  ownAttacks: z.array(keptFactsSchema).optional(),
  box: z.object({ tx: z.number(), ty: z.number(), angle: z.number() }).optional(),
});

/** What tells whose a `config.json` is. */
const ownerSchema = z
  .looseObject({ format: z.unknown().optional(), versions: z.unknown().optional(), recipe: z.unknown().optional() })
  .catch({ format: undefined, versions: undefined, recipe: undefined });

/**
 * Whether a folder holds an evaluation, by its `config.json`.
 * @throws misuse `not-a-run-folder` where that is another's
 */
export async function holdsEvaluation(files: Files, directory: string, names: ReadonlySet<string>): Promise<boolean> {
  if (!names.has(CONFIG_FILE)) {
    if (names.has(RECORDS_FILE)) throw foreign(directory, `holds an ${RECORDS_FILE} but no ${CONFIG_FILE}.`);
    return holdsJUnitAlone(files, directory, names);
  }
  const path = files.join(directory, CONFIG_FILE);
  const { format, versions, recipe } = (await readJsonIfThere(files, path, ownerSchema, damage())) ?? {};
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
  const config = await readSealed(files, files.join(directory, CONFIG_FILE), configSchema, damage());
  return config && withoutFormat(config);
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
  const result = await readSealed(files, files.join(directory, RESULT_FILE), resultSchema, damage());
  return result && withoutFormat(result);
}

/** `result.json`, and what `--json` prints. */
export function resultText(result: EvaluationResult): string {
  return toText(sealed(withFormat(result)));
}

/** Of records that are not those which the result of the finished run sums up. */
export function notAllOf(path: string, records: number, n: number): Error {
  return misuse({
    ...damage(),
    subject: path,
    problem:
      `holds ${records} images whole, and ${RESULT_FILE} sums up ${n}: some were ` +
      `${records < n ? 'lost' : 'added'} since.`,
  });
}

function damage(): { readonly code: string; readonly advice: string } {
  const advice = `Put it back from a copy, choose another ${optionWords('out')}, or delete the folder to start anew.`;
  return { code: 'run-folder-damaged', advice };
}

function withoutFormat<T extends object>({ format: _, ...rest }: T & { readonly format?: unknown }): Omit<T, 'format'> {
  return rest as Omit<T, 'format'>;
}

function foreign(directory: string, problem: string): Error {
  return misuse({
    code: 'not-a-run-folder',
    subject: directory,
    problem,
    advice: `Choose another ${optionWords('out')}.`,
  });
}
