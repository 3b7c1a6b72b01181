import type { Attack, Target } from '../attacks/attack.ts';
import { toTuple } from '../transform/transformation.ts';
import type { Judged } from './judge.ts';
import { toSixDigits, type AttackRecord, type ImageRecord } from './records.ts';

/** What is kept of an image: what each attack found, and what the model makes of it as it is. */
export function toRecord(
  target: Target,
  attacks: readonly Attack[],
  findings: ReadonlyMap<string, Judged>,
  passesAtMost: number,
  classNames: readonly string[] | undefined,
): ImageRecord {
  const byAttack: Record<string, AttackRecord> = {};
  for (const { name } of attacks) {
    const finding = findings.get(name) as Judged;
    const { robust, everyQuery, worst, correctDraws, draws, fooling, breakingPoint, refinedPoint, certificate } =
      finding;
    byAttack[name] = {
      robust,
      ...(everyQuery === undefined ? {} : { everyQuery }),
      worst: toTuple(worst.transformation),
      loss: toSixDigits(worst.loss),
      predicted: worst.predicted,
      tried: finding.passes,
      exhaustive: finding.exhaustive * passesAtMost,
      ...(draws === undefined ? {} : { correctDraws, draws }),
      ...(fooling === undefined ? {} : { fooling }),
      ...(breakingPoint === undefined ? {} : { breakingPoint }),
      ...(refinedPoint === undefined ? {} : { refinedPoint }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(robust || worst.perturbation === undefined ? {} : { perturbation: perturbationFile(name, target.index) }),
    };
  }
  const { index, label, file } = target;
  const prediction = (findings.get('natural') as Judged).worst.predicted;
  const [own, predicted] = [classNames?.[label], classNames?.[prediction]];
  return {
    index,
    label,
    ...(file === undefined ? {} : { file }),
    ...(own === undefined ? {} : { class: own }),
    prediction,
    ...(predicted === undefined ? {} : { predictedClass: predicted }),
    attacks: byAttack,
  };
}

/** Points stay: a radius of 8/255 is another than one of 8.255. */
function perturbationFile(attack: string, index: number): string {
  return `perturbations/${attack.replace(/[^a-z0-9.-]/g, '_')}-${index}.f32`;
}

/** Images with what attacks found of them, by name. */
export type Found = readonly { readonly target: Target; readonly findings: ReadonlyMap<string, Judged> }[];

/** Of attacks that keep them, in the order of the images, by the name of the attack. */
export function collectLosses(attacks: readonly Attack[], found: Found): Map<string, Float32Array[]> {
  const losses = new Map<string, Float32Array[]>();
  for (const { name } of attacks) {
    const kept = found.flatMap(({ findings }) => findings.get(name)?.losses ?? []);
    if (kept.length > 0) losses.set(name, kept);
  }
  return losses;
}

/** What was added to the pixels of images that fell, by the name of the file. */
export function collectPerturbations(found: Found): Map<string, Float32Array> {
  const files = new Map<string, Float32Array>();
  for (const { target, findings } of found) {
    for (const [name, { robust, worst }] of findings) {
      if (!robust && worst.perturbation !== undefined)
        files.set(perturbationFile(name, target.index), worst.perturbation);
    }
  }
  return files;
}
