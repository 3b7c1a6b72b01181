import { z } from 'zod';
import { formatAttackName } from '../attacks/attack-name.ts';
import { type Grade, GRADES } from '../attacks/attack.ts';
import { ATTACKS } from '../attacks/registry.ts';
import { CERTIFICATES_GROUP } from '../attacks/shared-settings.ts';
import { SUBSETS } from '../sets/box.ts';
import { MOST_VOTES } from '../settings/limits.ts';
import { whole } from '../settings/numbers.ts';
import { option, retold } from '../settings/option.ts';
import { value } from '../settings/value.ts';
import { attackOptions } from './attack-options.ts';
import { dataOptions } from './data-options.ts';
import { feedingOptions } from './feeding-options.ts';
import { type EvaluateOptions, evaluateSchema, refuseTogether } from './evaluate-options.ts';

/** The attack that certifies a grade. */
function attackOf(grade: Grade): string {
  for (const { name, grades } of ATTACKS)
    for (const subset of SUBSETS) if (grades?.[subset] === grade) return formatAttackName({ kind: name, subset });
  throw new Error(`internal: no attack certifies ${grade}`);
}

const shared = evaluateSchema.shape;

/** `gimbal certify`: what it shares with `gimbal evaluate` comes from there. */
export const certifySchema = z
  .object({
    model: shared.model,
    ...dataOptions,

    heldOut: shared.heldOut,

    ...feedingOptions,

    grades: option(gradeList().default(['shifts', 'rotation', 'bound']), {
      group: CERTIFICATES_GROUP,
      value: 'LIST',
      help: `What to certify: ${GRADES.join(', ')}.`,
    }),
    rotation: shared.rotation,
    translation: shared.translation,
    ...attackOptions(CERTIFICATES_GROUP),
    padding: shared.padding,
    interpolation: retold(shared.interpolation, {
      help: 'How transformed images are read for shifts and bounds; angles are proved under nearest sampling alone.',
    }),
    mask: shared.mask,
    mirror: shared.mirror,
    vote: option(whole({ from: 1, to: MOST_VOTES }).optional(), {
      group: 'Attacks',
      value: 'M',
      help:
        'Refused: a vote that draws afresh for every query proves nothing. One with fixed draws in its file can ' +
        'be certified.',
    }),
    seed: shared.seed,

    shard: shared.shard,
    device: shared.device,
    batch: shared.batch,
    threads: shared.threads,

    out: shared.out,
    examples: shared.examples,
    failUnder: retold(shared.failUnder, {
      value: 'proved:rotation=60',
      help:
        'Exit with 1 where the share of images in percent is lower: of proved:translation, proved:rotation, ' +
        'proved, bounded.',
    }),
    baseline: shared.baseline,
    failIfWorse: shared.failIfWorse,
    junit: shared.junit,
    json: shared.json,
    quiet: shared.quiet,
  })
  .superRefine(({ grades, ...options }, context) =>
    refuseTogether({ ...options, attacks: attacksOf(grades) }, context),
  );

/** The options of `gimbal certify`, read and resolved. */
export type CertifyOptions = z.output<typeof certifySchema>;

/** The evaluation that certifies: its attacks are those of the grades. */
export function asEvaluation({ grades, ...options }: CertifyOptions): EvaluateOptions {
  const { model, data } = options;
  return { ...evaluateSchema.parse({ model, data }), ...options, attacks: attacksOf(grades) };
}

function attacksOf(grades: readonly Grade[]): string[] {
  return ['natural', ...grades.map(attackOf)];
}

/** `shifts,rotation`, each once. */
function gradeList(): z.ZodType<readonly Grade[]> {
  return value(`names of grades separated by commas, of ${GRADES.join(', ')}`, (given) => {
    const names: unknown[] = typeof given === 'string' ? given.split(',') : Array.isArray(given) ? given : [];
    const grades = names.map((name) => (typeof name === 'string' ? name.trim() : ''));
    return grades.length > 0 && grades.every(isGrade) ? [...new Set(grades)] : undefined;
  });
}

function isGrade(name: string): name is Grade {
  return GRADES.some((grade) => grade === name);
}
