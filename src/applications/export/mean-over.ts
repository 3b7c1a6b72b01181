import { misuse } from '../../errors/error.ts';
import { ensembleModel, type Member } from '../../model/ensemble.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { rawMetadata } from '../../model/with-preprocessing.ts';
import { hintsAsWritten, type ModelHints } from '../../model/sidecar.ts';
import type { Model } from '../../onnx/graph.ts';
import type { ExportOptions } from '../../options/export-options.ts';
import { METADATA } from '../../training/export/inference-model.ts';
import { classesOfModel } from '../evaluate/class-answers.ts';
import type { Platform } from '../platform.ts';
import { withHints } from './with-hints.ts';

interface LoadedMember extends Member {
  readonly prepared: PreparedModel;
}

/**
 * A model and others as one that answers with the mean of their probabilities; flags of preprocessing speak of the
 * first.
 * @param paths the file of each, in the order of the options, by whose words they are named
 * @throws misuse `not-alike` where their answers are not to the same question
 */
export async function meanOver(
  { files, models }: Platform,
  paths: readonly [string, ...string[]],
  options: ExportOptions,
): Promise<{ readonly model: Model; readonly facts: readonly string[]; readonly reading: ModelHints }> {
  const { layout, size, scale, mean, std, perImageStandardization, bgr, output, labelOffset } = options;
  const flags = { layout, size, scale, mean, std, perImageStandardization, bgr, output, labelOffset };
  const given = [options.model, ...(options.with ?? [])];
  const load = async (at: number): Promise<LoadedMember> => ({
    name: files.nameOf(given[at]).replace(/\.onnx$/, ''),
    prepared: (await models.load(paths[at], at === 0 ? flags : {}, {})).prepared,
  });
  const opened = await load(0);
  const members: [LoadedMember, ...LoadedMember[]] = [opened];
  for (let at = 1; at < paths.length; at++) members.push(await load(at));
  const model = ensembleModel(members);
  for (const member of members.slice(1)) requireSameClasses(opened, member);
  const names = members.map(({ name }) => name);
  // Label offsets are built in.
  const { labelOffset: _, ...hints } = opened.prepared.hints;
  return {
    model: withHints({ ...model, metadata: new Map([...metadataOf(members), ...model.metadata]) }, hints),
    reading: {},
    facts: [
      `the mean of the probabilities of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`,
      ...members.flatMap(({ name, prepared }) => prepared.warnings.map((warning) => `${name}: ${warning}`)),
    ],
  };
}

/** @throws misuse `not-alike` where both name their classes, and not alike */
function requireSameClasses(first: LoadedMember, other: LoadedMember): void {
  const [own, its] = [namesOf(first), namesOf(other)];
  if (own === undefined || its === undefined) return;
  const at = own.findIndex((name, i) => name !== its[i]);
  if (at < 0) return;
  throw misuse({
    code: 'not-alike',
    subject: other.name,
    problem: `names its class ${at} '${its[at]}', while ${first.name} names it '${own[at]}'.`,
    advice: 'Give classifiers of the same classes in the same order.',
  });
}

/** Names of the classes that a member answers with; undefined where it tells none, or another number of them. */
function namesOf({ name, prepared }: LoadedMember): readonly string[] | undefined {
  const { list, outputs, labelOffset } = classesOfModel(prepared, name);
  const names = list?.names.slice(list.names.length === outputs ? labelOffset : 0);
  return names?.length === outputs - labelOffset ? names : undefined;
}

/**
 * What the first model says, without what holds for its weights or is built in now; and of the training what can be
 * said of all: an image that any member was trained on counts as seen.
 */
function metadataOf(members: readonly LoadedMember[]): Map<string, string> {
  const kept = new Map(
    [...rawMetadata(members[0].prepared.model.metadata)].filter(
      ([key]) => !key.startsWith('gimbal.') || key === 'gimbal.classes',
    ),
  );
  const { 'label-offset': _, output: __, ...hints } = hintsAsWritten(kept);
  kept.delete('gimbal');
  if (Object.keys(hints).length > 0) kept.set('gimbal', JSON.stringify(hints));
  const said = (key: string): string[] => [
    ...new Set(members.flatMap(({ prepared }) => prepared.model.metadata.get(key) ?? [])),
  ];
  const all: readonly (readonly [key: string, between: string])[] = [
    [METADATA.data, ', '],
    [METADATA.fingerprint, ','],
    [METADATA.limits, '; '],
  ];
  for (const [key, between] of all) if (said(key).length > 0) kept.set(key, said(key).join(between));
  const heldOut = members.map(({ prepared }) => prepared.model.metadata.get(METADATA.heldOut));
  const [apart] = heldOut;
  if (apart !== undefined && said(METADATA.fingerprint).length === 1 && heldOut.every((list) => list === apart))
    kept.set(METADATA.heldOut, apart);
  return kept;
}
