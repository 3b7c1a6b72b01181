import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAttack, type AttackSettings } from '../attacks/create-attack.ts';
import { arraySource } from '../data/array-source.ts';
import { createGrid } from '../sets/grid.ts';
import { isFooling } from '../statistics/exhaustive-value.ts';
import { fakeClassifier } from '../testing/fake-classifier.ts';
import type { Transformation } from '../transform/transformation.ts';
import { evaluateClassifier } from './evaluate.ts';
import { memoryJournal, type Journal } from './journal.ts';
import type { ImageRecord } from './records.ts';
import { nodeClock } from '../node/machine/clock.ts';

const SHAPE = { channels: 1, height: 2, width: 2 };
const BOX = { tx: 3, ty: 3, angle: 30 };
const SETTINGS = {
  box: BOX,
  grid: { tx: 5, ty: 5, angle: 7 },
  draws: 3,
  seed: 5,
  exhaustive: false,
  keepLosses: false,
  steps: 20,
  stepSize: 0.05,
  restarts: 2,
  gradient: 'finite-difference',
} satisfies AttackSettings;
const ABOUT = { gimbal: '0', model: { name: 'm', sha256: '0' }, data: { name: 'd', fingerprint: '0' } };

/** Right while the point lies on the near side of a wave in (tx, ty, angle) that differs from image to image. */
function margin(pixels: Float32Array, { tx, ty, angle }: Transformation): number {
  const [a, b, c, d] = pixels;
  return 0.2 + 2 * a - Math.sin(3 * b * tx + c * 5) * Math.abs(ty) * d - (c * angle * angle) / 700;
}

const scores = (pixels: Float32Array, transformations: readonly Transformation[]) => {
  const total = transformations.reduce((sum, t) => ({
    tx: sum.tx + t.tx,
    ty: sum.ty + t.ty,
    angle: sum.angle + t.angle,
  }));
  return [margin(pixels, total), 0];
};

function images(n: number) {
  let state = 7;
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
  return arraySource({
    images: Array.from({ length: n }, () => Float32Array.from({ length: 4 }, next)),
    labels: new Array<number>(n).fill(0),
    shape: SHAPE,
    name: 'test',
    classes: 2,
  });
}

async function run(
  names: readonly string[],
  over: Partial<AttackSettings> = {},
  extra: { n?: number; filled?: number; journal?: Journal; vote?: number; signal?: AbortSignal } = {},
) {
  const journal = extra.journal ?? memoryJournal();
  const classifier = fakeClassifier(SHAPE, 2, scores);
  const settings = { ...SETTINGS, ...over };
  const result = await evaluateClassifier({
    classifier: Object.assign(classifier, { filled: extra.filled }),
    source: images(extra.n ?? 300),
    journal,
    clock: nodeClock,
    about: ABOUT,
    signal: extra.signal,
    attacks: names.map((name) => createAttack(name, settings)),
    vote: extra.vote === undefined ? undefined : { draws: extra.vote, box: BOX, seed: settings.seed },
  });
  const records: ImageRecord[] = [];
  for await (const record of journal.records()) records.push(record);
  return { result, records, calls: classifier.calls, journal };
}

describe('evaluate', () => {
  it('says with each read what will be read next, and reads nothing past the end', async () => {
    const reads: (readonly number[] | undefined)[][] = [];
    const source = images(70);
    await evaluateClassifier({
      classifier: fakeClassifier(SHAPE, 2, scores),
      source: {
        ...source,
        read: (...asked) => {
          reads.push(asked);
          return source.read(...asked);
        },
      },
      journal: memoryJournal(),
      clock: nodeClock,
      about: ABOUT,
      attacks: [],
    });
    const [first, second, third] = [0, 32, 64].map((start) =>
      Array.from({ length: Math.min(32, 70 - start) }, (_, i) => start + i),
    );
    expect(reads).toEqual([
      [first, second],
      [second, third],
      [third, []],
    ]);
  });

  it('finds the same in the large groups of a device that fills up its runs', async () => {
    const names = ['natural', 'worst-of-10', 'grid'];
    const [small, large] = [await run(names, {}, { n: 90 }), await run(names, {}, { n: 90, filled: 4 })];
    expect(large.records).toEqual(small.records);
  });

  it('gives the same verdicts with early stopping as with everything tried', async () => {
    const names = ['natural', 'random', 'worst-of-10', 'grid', 'grid:rotation', 'worst-of-10:translation'];
    const early = await run(names);
    const all = await run(names, { exhaustive: true });
    expect(early.result.attacks).toEqual(all.result.attacks);
    expect(early.records.map((r) => Object.values(r.attacks).map((a) => a.robust))).toEqual(
      all.records.map((r) => Object.values(r.attacks).map((a) => a.robust)),
    );
    expect(early.calls).toBeLessThan(all.calls / 2);
    expect(early.result.evaluations.made).toBe(early.calls);
    expect(early.result.evaluations.exhaustive).toBe(all.calls);
    expect(all.result.evaluations.made).toBe(all.calls);
  });

  it('finds by grid what a plain loop over all points finds', async () => {
    const { records, journal } = await run(['grid'], { exhaustive: true, keepLosses: true }, { n: 40 });
    const grid = createGrid(BOX, SETTINGS.grid);
    const source = images(40);
    const losses: Float32Array[] = [];
    for await (const row of journal.losses('grid')) losses.push(row);
    for (const [i, { pixels }] of (await source.read(Array.from({ length: 40 }, (_, k) => k))).entries()) {
      const fooling = Array.from({ length: grid.length }, (_, k) => margin(pixels, grid.point(k)) < 0);
      expect(records[i].attacks.grid.fooling).toBe(fooling.filter(Boolean).length);
      expect([...losses[i]].map(isFooling)).toEqual(fooling);
    }
  });

  it('has accuracies that fall with k, and grid no higher than rotations or shifts alone', async () => {
    const ks = [1, 2, 5, 10, 20, 50];
    const { result } = await run([
      'random',
      ...ks.map((k) => `worst-of-${k}`),
      'grid',
      'grid:rotation',
      'grid:translation',
    ]);
    const accuracy = (name: string) => result.attacks[name].accuracy;
    ks.slice(1).forEach((k, i) => expect(accuracy(`worst-of-${k}`)).toBeLessThanOrEqual(accuracy(`worst-of-${ks[i]}`)));
    expect(accuracy('grid')).toBeLessThanOrEqual(accuracy('grid:rotation'));
    expect(accuracy('grid')).toBeLessThanOrEqual(accuracy('grid:translation'));
    expect(accuracy('grid')).toBeLessThanOrEqual(accuracy('natural'));
  });

  it('has a grid no higher than the worst of k points drawn from it, image by image', async () => {
    const { records } = await run(['grid'], {}, { n: 60 });
    const grid = createGrid(BOX, SETTINGS.grid);
    const read = await images(60).read(Array.from({ length: 60 }, (_, i) => i));
    fc.assert(
      fc.property(fc.array(fc.nat(grid.length - 1), { minLength: 1, maxLength: 10 }), (drawn) => {
        for (const [i, { pixels }] of read.entries()) {
          const survives = drawn.every((k) => margin(pixels, grid.point(k)) >= 0);
          expect(survives || !records[i].attacks.grid.robust).toBe(true);
        }
      }),
    );
    expect(new Set(records.map((r) => r.attacks.grid.robust))).toEqual(new Set([true, false]));
  });

  it('gives each image a transformation of its own, never one for the whole batch', async () => {
    const { records } = await run(['random'], { draws: 1 }, { n: 100 });
    expect(new Set(records.map((r) => r.attacks.random.worst.join())).size).toBe(100);
  });

  it('refuses to go on from records of which one in the middle is missing, and names its image', async () => {
    const { records } = await run(['natural'], {}, { n: 40 });
    const journal = memoryJournal();
    await journal.append([...records.slice(0, 4), ...records.slice(5, 30)], new Map(), new Map());
    await expect(run(['natural'], {}, { n: 40, journal })).rejects.toThrow(
      `that of image ${records[4].index} is missing, although that of image ${records[29].index} is there`,
    );
  });

  it('goes on after any interruption with the same records', async () => {
    const names = ['random', 'worst-of-10', 'grid', 'strongest', 'first-order'];
    const whole = await run(names, {}, { n: 120 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 120 }), async (kept) => {
        const journal = memoryJournal();
        await journal.append(whole.records.slice(0, kept), new Map(), new Map());
        const { records, result } = await run(names, {}, { n: 120, journal });
        expect(records).toEqual(whole.records);
        expect({ ...result, seconds: 0 }).toEqual({ ...whole.result, seconds: 0 });
      }),
      { numRuns: 6 },
    );
  });

  it('means over draws for random', async () => {
    const { result, records } = await run(['random'], { draws: 3 });
    const correct = records.reduce((sum, { attacks }) => sum + (attacks.random.correctDraws ?? 0) / 3, 0);
    expect(result.attacks.random.correct).toBeCloseTo(correct, 6);
    expect(result.attacks.random.n).toBe(300);
  });

  it('refines survivors of the grid beyond it, and stays in the box', async () => {
    const { result, records } = await run(['grid', 'strongest']);
    expect(result.attacks.strongest.accuracy).toBeLessThan(result.attacks.grid.accuracy);
    for (const { attacks } of records) {
      const [tx, ty, angle] = attacks.strongest.worst;
      expect(Math.abs(tx) <= 3 && Math.abs(ty) <= 3 && Math.abs(angle) <= 30).toBe(true);
    }
  });

  it('refines fooled images too when everything is tried, with the same verdicts', async () => {
    const [early, all] = [await run(['strongest']), await run(['strongest'], { exhaustive: true })];
    expect(all.result.attacks).toEqual(early.result.attacks);
    expect(all.calls).toBeGreaterThan(early.calls);
    for (const {
      attacks: { strongest },
    } of all.records)
      expect((strongest.fooling as number) > 0).toBe(!strongest.robust);
  });

  it('votes with fresh draws on top of every candidate', async () => {
    const plain = await run(['natural', 'worst-of-10'], {}, { n: 50 });
    const voted = await run(['natural', 'worst-of-10'], {}, { n: 50, vote: 10 });
    expect(voted.result.evaluations.made).toBe(voted.calls);
    // Each choice is judged by one vote more.
    expect(voted.result.evaluations.exhaustive).toBe(10 * (plain.result.evaluations.exhaustive + 50));
    expect(voted.records).not.toEqual(plain.records);
    expect((await run(['natural', 'worst-of-10'], {}, { n: 50, vote: 10 })).records).toEqual(voted.records);
  });

  it('never returns nothing: 0 of n fooled is a result', async () => {
    const classifier = fakeClassifier(SHAPE, 2, () => [1, 0]);
    const result = await evaluateClassifier({
      classifier,
      source: images(30),
      journal: memoryJournal(),
      clock: nodeClock,
      about: ABOUT,
      attacks: [createAttack('grid', SETTINGS)],
    });
    expect(result.attacks.grid).toMatchObject({ correct: 30, n: 30, accuracy: 1 });
    expect(result.warnings).toEqual([]);
  });

  it('keeps perturbations of different radii in different files', async () => {
    const names = ['pgd-linf@8/255', 'pgd-linf@8.255'];
    const settings = { ...SETTINGS, box: BOX };
    const classifier = fakeClassifier(
      SHAPE,
      2,
      (pixels, _, perturbation) => [0.5 - pixels[0] - (perturbation?.[0] ?? 0), 0],
      async ({ images: given, trials }) => ({
        logits: Float32Array.from(
          trials.flatMap(({ image, perturbation }) => [0.5 - given[image][0] - (perturbation?.[0] ?? 0), 0]),
        ),
        pixels: trials.map(() => Float32Array.of(1, 0, 0, 0)),
      }),
    );
    const journal = memoryJournal();
    await evaluateClassifier({
      classifier,
      source: arraySource({
        images: [Float32Array.of(0.49, 0, 0, 0)],
        labels: [0],
        shape: SHAPE,
        name: 't',
        classes: 2,
      }),
      journal,
      clock: nodeClock,
      about: ABOUT,
      attacks: names.map((name) => createAttack(name, settings)),
    });
    const files: (string | undefined)[] = [];
    for await (const { attacks } of journal.records()) files.push(...names.map((name) => attacks[name].perturbation));
    expect(files).toEqual(['perturbations/pgd-linf_8_255-0.f32', 'perturbations/pgd-linf_8.255-0.f32']);
  });

  it('warns near chance with what was assumed', async () => {
    const classifier = fakeClassifier(SHAPE, 2, (pixels) => [((1000 * pixels[0]) % 1) - 0.5, 0]);
    const result = await evaluateClassifier({
      classifier,
      source: images(100),
      journal: memoryJournal(),
      clock: nodeClock,
      about: ABOUT,
      attacks: [],
      assumptions: ['pixels in [0, 1]'],
    });
    expect(result.warnings.join()).toMatch(/near chance \(50\.00 %\).*Assumed: pixels in \[0, 1\]/);
  });

  it('refuses labels outside of the classes and attacks that a vote cannot take', async () => {
    const source = arraySource({ images: [new Float32Array(4)], labels: [3], shape: SHAPE, name: 'test', classes: 4 });
    const classifier = fakeClassifier(SHAPE, 2, () => [1, 0]);
    const input = { classifier, journal: memoryJournal(), clock: nodeClock, about: ABOUT, attacks: [] };
    await expect(evaluateClassifier({ ...input, source })).rejects.toThrow(
      /label of image 0: got 3, the model has the classes 0 to 1/,
    );
    await expect(
      evaluateClassifier({
        ...input,
        source: images(2),
        attacks: [createAttack('pgd-linf', SETTINGS)],
        vote: { draws: 3, box: BOX, seed: 0 },
      }),
    ).rejects.toThrow(/pgd-linf.*no gradient/);
  });

  it('refuses two attacks whose breaking points are measured in the same', async () => {
    const known = createAttack('tolerance:rotation', SETTINGS);
    const input = { classifier: fakeClassifier(SHAPE, 2, scores), clock: nodeClock, about: ABOUT, source: images(2) };
    const evaluate = (name: string) =>
      evaluateClassifier({ ...input, journal: memoryJournal(), attacks: [known, { ...known, name }] });
    await expect(evaluate('my-turn')).rejects.toThrow(
      'attack "my-turn": fills tolerance.rotation of the result, as "tolerance:rotation" does.',
    );
  });

  it('says where a model gives no numbers', async () => {
    const classifier = fakeClassifier(SHAPE, 2, () => [NaN, 0]);
    await expect(
      evaluateClassifier({
        classifier,
        source: images(2),
        journal: memoryJournal(),
        clock: nodeClock,
        about: ABOUT,
        attacks: [],
      }),
    ).rejects.toThrow(/output for image 0 under .* is not a number/);
  });

  it('stops on a signal, keeps what it has and goes on to the same end', async () => {
    const controller = new AbortController();
    await expect(run(['grid'], {}, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
    const journal = memoryJournal();
    const stopping: Journal = {
      ...journal,
      async append(...entry) {
        await journal.append(...entry);
        controller.abort(new Error('stopped'));
      },
    };
    await expect(run(['grid'], {}, { journal: stopping, signal: controller.signal })).rejects.toThrow('stopped');
    expect(journal.completed).toBeGreaterThan(0);
    expect(journal.completed).toBeLessThan(300);
    expect((await run(['grid'], {}, { journal })).records).toEqual((await run(['grid'])).records);
  });

  it('hands in the images of a vote a few at a time, since each takes all candidates and all ballots', async () => {
    const sizes = async (n: number, vote?: number): Promise<number[]> => {
      const counted: number[] = [];
      const journal = memoryJournal();
      const append: Journal['append'] = async (records, ...rest) => {
        counted.push(records.length);
        await journal.append(records, ...rest);
      };
      await run(['worst-of-10'], { exhaustive: true }, { n, vote, journal: { ...journal, append } });
      return counted;
    };
    expect(await sizes(40)).toEqual([32, 8]);
    expect(await sizes(9, 10)).toEqual([4, 4, 1]);
  });
});
