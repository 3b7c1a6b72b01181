import { restrictBox } from '../sets/box.ts';
import { DEFAULT_WARP } from '../transform/warp.ts';
import type { Attack } from './attack.ts';
import { formatAttackName, parseAttackName } from './attack-name.ts';
import type { AttackDefinition, CommonSettings } from './definition.ts';
import { ATTACKS, type GivenSettings } from './registry.ts';

/** What decides an attack, beside its name: the box, and whatever is to differ from the defaults. */
export type AttackSettings = Pick<CommonSettings, 'box'> & Partial<CommonSettings> & GivenSettings;

/**
 * Builds the attack of a name.
 *
 * ```ts
 * createAttack('grid:rotation', { box: { tx: 3, ty: 3, angle: 30 }, grid: { tx: 5, ty: 5, angle: 61 } })
 * ```
 *
 * @throws misuse `unknown-attack`, `epsilon-out-of-range`, `grid-size`, `nearest-without-gradient`
 */
export function createAttack(text: string, given: AttackSettings): Attack {
  const asked = parseAttackName(text);
  const definition = ATTACKS.find(({ name }) => name === asked.kind) as AttackDefinition;
  const { box, warp = DEFAULT_WARP, seed = 0, exhaustive = false, keepLosses = false } = given;
  const values = given as Readonly<Record<string, unknown>>;
  return definition.create({
    ...asked,
    name: formatAttackName(asked),
    box: restrictBox(box, asked.subset),
    warp,
    seed,
    exhaustive,
    keepLosses,
    settings: Object.fromEntries(
      Object.entries(definition.settings).map(([key, setting]) => [key, values[key] ?? setting.default]),
    ) as Record<string, unknown>,
  });
}
