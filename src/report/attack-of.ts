import type { AttackFacts } from '../attacks/attack.ts';
import { createAttack } from '../attacks/create-attack.ts';
import type { ReportSetting } from './report-input.ts';

/** What is known of an attack of a run: one of its own, or one that comes with Gimbal. */
export function attackOf(name: string, setting: ReportSetting): AttackFacts {
  return setting.own?.find((attack) => attack.name === name) ?? createAttack(name, setting);
}
