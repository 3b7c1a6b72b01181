import { misuse } from '../../errors/error.ts';
import { ENSEMBLE_METADATA, ensembleModel, type Member } from '../../model/ensemble.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { rawMetadata } from '../../model/with-preprocessing.ts';
import { hintsAsWritten } from '../../model/sidecar.ts';
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
 * @throws misuse `not-alike` where their answers are not to the same question
 */
export async function meanOver(
  { files, models }: Platform,
  first: string,
  others: readonly string[],
  options: ExportOptions,
): Promise<{ readonly model: Model; readonly facts: readonly string[] }> {
  const { layout, size, scale, mean, std, perImageStandardization, bgr, output, labelOffset } = options;
  const flags = { layout, size, scale, mean, std, perImageStandardization, bgr, output, labelOffset };
  const load = async (path: string, hints: object): Promise<LoadedMember> => ({
    name: files.nameOf(path).replace(/\.onnx$/, ''),
    prepared: (await models.load(path, hints, {})).prepared,
  });
  const opened = await load(first, flags);
  const members: [LoadedMember, ...LoadedMember[]] = [opened];
  for (const path of others) members.push(await load(path, {}));
  for (const member of members) requireSameClasses(opened, member);
  const model = ensembleModel(members);
  const names = members.map(({ name }) => name);
  // Label offsets are built in.
  const { labelOffset: _, ...hints } = opened.prepared.hints;
  return {
    model: withHints({ ...model, metadata: metadataOf(model, members) }, hints),
    facts: [
      `the mean of the probabilities of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`,
      ...members.flatMap(({ name, prepared }) => prepared.warnings.map((warning) => `${name}: ${warning}`)),
    ],
  };
}

/** @throws misuse `not-alike` where both name their classes, and not alike */
function requireSameClasses(first: LoadedMember, other: LoadedMember): void {
  const [own, its] = [first, other].map(({ name, prepared }) => {
    const { list, outputs, labelOffset } = classesOfModel(prepared, name);
    return list?.names.slice(list.names.length === outputs ? labelOffset : 0);
  });
  const at = own?.findIndex((name, i) => name !== its?.[i]) ?? -1;
  if (own === undefined || its === undefined || at < 0) return;
  throw misuse({
    code: 'not-alike',
    subject: other.name,
    problem: `names its class ${at} '${its[at]}', while ${first.name} names it '${own[at]}'.`,
    advice: 'Give classifiers of the same classes in the same order.',
  });
}

/** What Gimbal's metadata tell of an ensemble as well as of its first model: classes and members. */
const OF_ALL = new Set(['gimbal.classes', ENSEMBLE_METADATA]);

/**
 * What the first model says, without what holds for its weights or is built in now; and of the training what can be
 * said of all: an image that any member was trained on counts as seen.
 */
function metadataOf(model: Model, members: readonly LoadedMember[]): Map<string, string> {
  const kept = new Map(
    [...rawMetadata(model.metadata)].filter(([key]) => !key.startsWith('gimbal.') || OF_ALL.has(key)),
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
