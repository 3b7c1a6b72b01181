import type { AttackFacts } from '../attacks/attack.ts';
import { createAttack } from '../attacks/create-attack.ts';
import type { ReportSetting } from './report-input.ts';

/** Every record asks for its attacks. */
const known = new WeakMap<ReportSetting, Map<string, AttackFacts>>();

/** What is known of an attack of a run: one of its own, or one that comes with Gimbal. */
export function attackOf(name: string, setting: ReportSetting): AttackFacts {
  const facts = known.get(setting) ?? new Map<string, AttackFacts>();
  known.set(setting, facts);
  const fact = facts.get(name) ?? setting.own?.find((attack) => attack.name === name) ?? createAttack(name, setting);
  facts.set(name, fact);
  return fact;
}
