import { describe, expect, it } from 'vitest';
import { formatAttackName, parseAttackName } from './attack-name.ts';
import { epsilonValue } from './epsilon.ts';

describe('names', () => {
  it('survive a round trip', () => {
    for (const name of [
      'natural',
      'random',
      'worst-of-10',
      'worst-of-3:rotation',
      'grid',
      'grid:translation',
      'first-order:rotation',
      'pgd-linf',
      'pgd-linf@4/255',
      'combined:rotation@0.01',
      'strongest',
    ]) {
      expect(formatAttackName(parseAttackName(name))).toBe(name);
    }
    expect(epsilonValue('8/255')).toBe(8 / 255);
  });

  it('are refused with what there is', () => {
    expect(() => parseAttackName('girdd')).toThrow(/attack "girdd": is not an attack; there are natural, /);
    expect(() => parseAttackName('grid@8/255')).toThrow(/radius of a pixel attack/);
    expect(() => parseAttackName('pgd-linf@x')).toThrow(/radius of a pixel attack/);
    expect(() => parseAttackName('natural:rotation')).toThrow(/transforms nothing/);
  });
});
