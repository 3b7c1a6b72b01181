import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GimbalError } from '../errors/error.ts';
import { evaluateSchema } from './evaluate-options.ts';
import { optionEntries } from '../settings/option.ts';
import { flagOf, optionsTable } from './options-table.ts';
import { readOptions, resolvedOptions } from './read-options.ts';
import { trainSchema } from './train-options.ts';

const needed = { model: 'm.onnx', data: 'mnist' };

function read(...places: Record<string, unknown>[]): Record<string, unknown> {
  return readOptions(
    evaluateSchema,
    places.map((values, i) => ({ values, describe: (name) => (i === 0 ? `--${name}` : `file ${i}: ${name}`) })),
  );
}

function refusal(values: Record<string, unknown>): GimbalError {
  try {
    read({ ...needed, ...values });
  } catch (error) {
    if (error instanceof GimbalError) {
      return error;
    }
    throw error;
  }
  throw new Error(`${JSON.stringify(values)} was not refused`);
}

describe('values', () => {
  it.each([
    ['limit', '300', 300],
    ['rotation', '22.5', 22.5],
    ['rotation', 40, 40],
    ['translation', '3px', { value: 3, unit: 'px' }],
    ['translation', '10%', { value: 10, unit: '%' }],
    ['translation', '2.5', { value: 2.5, unit: 'px' }],
    ['translation', 4, { value: 4, unit: 'px' }],
    ['grid', '5x5x31', { tx: 5, ty: 5, angle: 31 }],
    ['grid', [10, 10, 75], { tx: 10, ty: 10, angle: 75 }],
    ['attacks', 'grid:rotation,worst-of-5', ['natural', 'grid:rotation', 'worst-of-5']],
    ['attacks', ['grid', 'natural', 'grid'], ['natural', 'grid']],
    ['mean', '.485,.456,.406', [0.485, 0.456, 0.406]],
    ['std', 0.5, [0.5]],
    ['epsilon', '8/255', 8 / 255],
    ['epsilon', '0.03', 0.03],
    ['scale', '[0,255]', '0,255'],
    ['scale', '[−1, 1]', '-1,1'],
    ['size', '224', { height: 224, width: 224 }],
    ['size', '240x320', { height: 240, width: 320 }],
    ['size', '3x240x320', { channels: 3, height: 240, width: 320 }],
    ['fail-under', 'grid=60,worst-of-10=70.5', { grid: 60, 'worst-of-10': 70.5 }],
    ['fail-under', { grid: 60 }, { grid: 60 }],
    ['exhaustive', true, true],
  ])('--%s %j', (name, given, expected) => {
    const entry = optionEntries(evaluateSchema).find((known) => known.name === name)!;
    expect(read({ ...needed, [name]: given })[entry.key]).toEqual(expected);
  });

  it.each([
    ['limit', '0'],
    ['limit', '3.5'],
    ['limit', ''],
    ['limit', '0x10'],
    ['limit', 'many'],
    ['rotation', '-1'],
    ['rotation', '181'],
    ['rotation', 'NaN'],
    ['translation', '3 feet'],
    ['translation', '-3px'],
    ['translation', '101%'],
    ['translation', 'px'],
    ['grid', '5x5'],
    ['grid', '5x5x0'],
    ['grid', '5x5x31x2'],
    ['grid', '5x5x1.5'],
    ['grid', '5,5,31'],
    ['grid', '1000x1000x1000'],
    ['attacks', ''],
    ['attacks', 'natural,,grid'],
    ['mean', '.4,,.5'],
    ['std', '0'],
    ['std', '-1'],
    ['epsilon', '8/0'],
    ['epsilon', '8/255/1'],
    ['epsilon', '-1'],
    ['scale', '0,2'],
    ['size', '224x'],
    ['size', '1x2x3x4'],
    ['size', '0x2x3'],
    ['size', 'x2x3'],
    ['fail-under', 'grid'],
    ['fail-under', 'grid=101'],
    ['fail-under', 'grid=60=70'],
    ['padding', 'mirror'],
    ['device', 'tpu'],
    ['exhaustive', 'yes'],
  ])('refuses --%s %j and says what is allowed', (name, given) => {
    const error = refusal({ [name]: given });
    expect(error.kind).toBe('misuse');
    expect(error.issue).toMatchObject({ code: 'invalid-option', subject: `--${name}` });
    expect(error.issue.problem).toMatch(/^got .* expected .*\.$/);
  });

  it.each(['gird', 'worst-of-0', 'worst-of-', 'grid:shear', 'grid:full', 'natural:rotation', 'grid:rotation:rotation'])(
    'refuses the attack %s',
    (name) => {
      expect(refusal({ attacks: `natural,${name}` }).issue.code).toBe('unknown-attack');
    },
  );

  it.each([
    ['draws', '1e9', 'from 1 to 100,000'],
    ['vote', '1e6', 'from 1 to 1,000'],
    ['batch', 1e9, 'from 1 to 4,096'],
    ['threads', '1e6', 'from 1 to 1,024'],
    ['steps', '1e9', 'from 1 to 100,000'],
    ['restarts', '1e9', 'from 1 to 1,000'],
    ['examples', '1e9', 'from 0 to 10,000'],
    ['landscapes', '1e9', 'from 0 to 10,000'],
    ['grid', '1e9x1x1', 'together up to 1 million'],
    ['combined-with', '1e9', 'from 1 to 10,000'],
    ['crop', '1e9', 'from 1 to 16,384'],
    ['resize', '1e9', 'from 1 to 16,384'],
    ['resize', '1x1e9', 'from 1 to 16,384'],
    ['size', '3x1e9x1e9', 'from 1 to 16,384'],
    ['attacks', 'worst-of-1e9', 'from 1 to 999,999'],
    ['attacks', 'worst-of-1000000000', 'from 1 to 999,999'],
  ])('%s %s would take all memory or time: refused with the range', (name, given, range) => {
    expect(refusal({ [name]: given }).message).toContain(range);
  });

  it('suggests the attack that was meant', () => {
    expect(refusal({ attacks: 'gird' }).message).toContain('Did you mean "grid"?');
  });
});

describe('options', () => {
  it('takes a later place before an earlier one and names the place of a fault', () => {
    expect(read({ ...needed, seed: 1, limit: 5 }, { seed: 2 })).toMatchObject({ seed: 2, limit: 5 });
    expect(() => read(needed, { grid: '5' })).toThrow('file 1: grid: got "5"');
    expect(() => read({ ...needed, grid: '5' }, { grid: '3x3x3' })).not.toThrow();
  });

  it('refuses an unknown name and suggests the nearest', () => {
    expect(refusal({ 'fail-over': 'grid=1' }).message).toBe(
      '--fail-over: is not an option. Did you mean "fail-under"?',
    );
    expect(refusal({ zebra: 1 }).message).toBe('--zebra: is not an option.');
  });

  it('names what is missing', () => {
    expect(() => read({ model: 'm.onnx' })).toThrow(/^data: SOURCE: is missing/);
    expect(() => read({ data: 'mnist' })).toThrow(/^MODEL: is missing/);
  });

  it('refuses a gate on an attack that is not run', () => {
    expect(refusal({ attacks: 'grid', 'fail-under': 'worst-of-10=70' }).message).toContain(
      '--fail-under: names worst-of-10',
    );
  });

  it('takes what may be given again as a list, one alone, or not at all', () => {
    const set = (values: Record<string, unknown>) =>
      readOptions(trainSchema, [
        { values: { recipe: 'r', data: 'd', out: 'o', ...values }, describe: (name) => `--${name}` },
      ]).set;
    expect([set({ set: ['a=1', 'b=2'] }), set({ set: 'a=1' }), set({})]).toEqual([['a=1', 'b=2'], ['a=1'], []]);
    expect(() => set({ set: [1] })).toThrow('--set: got [1], expected changes of settings');
  });

  it.each([
    ['epsilon', '8', '--epsilon: got "8": pixels lie in [0, 1]'],
    ['epsilon', 8, '--epsilon: got 8: '],
    ['step', '2', 'Write 2/255'],
    ['step-size', '5', 'Write 0.05'],
    ['rotation', 0.5, 'Write 28.65 for 0.5 rad, or 0.5deg'],
    ['translation', '0.1', 'Write 10% of it, or 0.1px'],
    ['fail-under', 'grid=0.6', 'Write 60, or 0.6% to mean it'],
    ['fail-under', { grid: 0.6 }, 'Write 60, or 0.6% to mean it'],
    ['attacks', 'pgd-linf@8', 'attack "pgd-linf@8": its radius: '],
  ])('asks about %s %o', (name, given, message) => {
    expect(() => read({ ...needed, [name]: given })).toThrow(message);
  });

  it('obeys what is said in full', () => {
    const said = { epsilon: '8/1', rotation: '0.5deg', translation: '0.1px', 'fail-under': 'grid=0.6%' };
    expect(read({ ...needed, ...said, attacks: 'grid,pgd-l2@3/1' })).toMatchObject({
      epsilon: 8,
      rotation: 0.5,
      translation: { value: 0.1, unit: 'px' },
      failUnder: { grid: 0.6 },
      attacks: ['natural', 'grid', 'pgd-l2@3/1'],
    });
  });

  it('reads again what it gave', () => {
    const texts = fc.record({
      rotation: fc.integer({ min: 0, max: 180 }).map(String),
      translation: fc.oneof(
        fc.integer({ min: 0, max: 20 }).map((n) => `${n}px`),
        fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`),
      ),
      grid: fc
        .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }))
        .map((counts) => counts.join('x')),
      size: fc
        .tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }))
        .map((sides) => sides.join('x')),
      epsilon: fc.integer({ min: 1, max: 254 }).map((n) => `${n}/255`),
      attacks: fc
        .subarray(['natural', 'random', 'grid', 'grid:rotation', 'worst-of-3:translation'], { minLength: 1 })
        .map((names) => names.join()),
      mean: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 3 }).map((numbers) => numbers.join()),
    });
    fc.assert(
      fc.property(texts, (values) => {
        const once = read({ ...needed, ...values });
        const byName = Object.fromEntries(
          optionEntries(evaluateSchema)
            .filter(({ key }) => once[key] !== undefined)
            .map(({ key, name }) => [name, once[key]]),
        );
        expect(read(JSON.parse(JSON.stringify(byName)))).toEqual(once);
      }),
    );
  });

  it('takes back what a configuration holds, also what would be asked about on a command line', () => {
    const asked = {
      rotation: '0.5deg',
      'fail-under': 'grid=0.6%',
      attacks: 'grid',
      share: '0.5%',
      translation: '0.5px',
    };
    const once = read({ ...needed, ...asked });
    const byName = Object.fromEntries(
      optionEntries(evaluateSchema)
        .filter(({ key }) => once[key] !== undefined)
        .map(({ key, name }) => [name, once[key]]),
    );
    const place = { values: JSON.parse(JSON.stringify(byName)), describe: (name: string) => `--${name}` };
    expect(() => readOptions(evaluateSchema, [place])).toThrow('--rotation: got 0.5');
    expect(resolvedOptions(evaluateSchema, place)).toEqual(once);
    const wrong = { ...place, values: { ...place.values, grid: '5x5' } };
    expect(() => resolvedOptions(evaluateSchema, wrong)).toThrow('--grid: got "5x5"');
    expect(() => resolvedOptions(evaluateSchema, { ...place, values: { gird: 1 } })).toThrow(
      '--gird: is not an option',
    );
  });

  it('gives each option a row of the table', () => {
    const table = optionsTable(evaluateSchema);
    for (const entry of optionEntries(evaluateSchema)) {
      expect(table).toContain(`| \`${flagOf(entry).replaceAll('|', '\\|')}\` |`);
    }
    expect(table).toContain(
      '| `--grid 5x5x31` | Grid points along horizontal shift, vertical shift and angle. | 5x5x31 |',
    );
  });
});
