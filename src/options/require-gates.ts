import type { AttackFacts } from '../attacks/attack.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Gates } from './attack-values.ts';

/**
 * Refuses gates on sizes that a run does not measure.
 * @throws misuse `gate-out-of-reach`
 */
export function requireGates(gates: Gates, attacks: readonly AttackFacts[]): void {
  for (const [attack, gate] of Object.entries(gates)) {
    const figure = attacks.find(({ name }) => name === attack)?.figure;
    if (typeof gate === 'number' || figure?.kind !== 'survival') continue;
    const largest = figure.limits[figure.limits.length - 1];
    if (gate.size <= largest + 1e-9) continue;
    const { unit, scale, limits } = UNITS[figure.extent];
    throw misuse({
      code: 'gate-out-of-reach',
      subject: optionWords('fail-under'),
      problem:
        `asks what images withstand up to ${scale * gate.size} ${unit} under ${attack}, which is measured up to ` +
        `${scale * largest} ${unit}.`,
      advice: `Lower it, or raise ${limits.map((name) => optionWords(name)).join(' and ')}.`,
    });
  }
}

const UNITS = {
  rotation: { unit: 'degrees', scale: 1, limits: ['rotation'] },
  translation: { unit: 'pixels', scale: 1, limits: ['translation'] },
  box: { unit: '% of the limits', scale: 100, limits: ['rotation', 'translation'] },
} as const;
