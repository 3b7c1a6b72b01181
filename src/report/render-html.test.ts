import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { createGrid } from '../sets/grid.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import type { ReportInput } from './report-input.ts';

const { document } = parseHTML('<html></html>');
const box = { tx: 3, ty: 3, angle: 30 };
const size = { tx: 3, ty: 3, angle: 3 };
const grid = createGrid(box, size);
const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const HOSTILE = `</title><script>alert("x")</script><img src=x onerror='y'>|\`@me`;

const smallest: ReportInput = {
  result: {
    gimbal: '0.1.0',
    model: { name: 'resnet', sha256: 'ab'.repeat(32) },
    data: { name: 'cifar10 test', fingerprint: 'cd'.repeat(32) },
    n: 300,
    skipped: 0,
    attacks: {
      natural: { correct: 274, n: 300, accuracy: 274 / 300, interval: [0.876, 0.94] },
      grid: { correct: 28, n: 300, accuracy: 28 / 300, interval: [0.0653, 0.1316] },
    },
    evaluations: { made: 9000, exhaustive: 232_800, byAttack: {} },
    warnings: [],
    seconds: 12.5,
  },
  setting: { box, grid: size },
  command: 'npx gimbal evaluate resnet.onnx --data cifar10',
  configuration: [['seed', '0']],
};

const full: ReportInput = {
  ...smallest,
  result: {
    ...smallest.result,
    attacks: {
      ...smallest.result.attacks,
      'first-order': { correct: 200, n: 300, accuracy: 2 / 3, interval: [0.61, 0.72] },
      'pgd-linf@4/255': { correct: 3, n: 300, accuracy: 0.01, interval: [0.003, 0.03] },
    },
    warnings: ['Natural accuracy is near chance.'],
  },
  assumptions: ['Pixels run from 0 to 1.'],
  classNames: ['cat', 'dog'],
  classes: [
    {
      label: 0,
      n: 150,
      natural: 140,
      robust: 10,
      takenFor: new Map([[1, 140]]),
      confusion: { predicted: 1, n: 140, transformation: { tx: 0, ty: 0, angle: 30 } },
    },
    {
      label: 1,
      n: 150,
      natural: 134,
      robust: 18,
      takenFor: new Map([[0, 132]]),
      confusion: { predicted: 0, n: 132, transformation: { tx: 3, ty: 0, angle: 0 } },
    },
  ],
  grids: [
    {
      attack: 'grid',
      axes: grid.axes,
      n: 4,
      correct: new Uint32Array(27).fill(3),
      correctAtAngle: new Uint32Array(3).fill(2),
      correctAtShift: new Uint32Array(9).fill(1),
      imagesByFooling: Uint32Array.from({ length: 28 }, (_, i) => (i < 4 ? 1 : 0)),
    },
  ],
  examples: [
    {
      index: 7,
      label: 0,
      prediction: 0,
      attack: 'grid',
      file: 'cat/7.jpg',
      kind: 'smallest',
      transformation: { tx: 3, ty: 0, angle: -30 },
      predicted: 1,
      loss: 4.5,
      original: PIXEL,
      transformed: PIXEL,
    },
  ],
  failures: [
    {
      index: 7,
      file: 'cat/7.jpg',
      label: 0,
      predicted: 1,
      attack: 'grid',
      transformation: { tx: 0, ty: 0, angle: 4 },
      size: 4 / 30,
      smallest: true,
      loss: 1.5,
    },
  ],
  landscapes: [
    {
      index: 7,
      label: 0,
      angles: [-30, 0, 30],
      tx: [-3, 0, 3],
      ty: 0,
      loss: Float32Array.of(1, 0, 1, 2, 0, 2, 3, 0, 4),
      correct: Uint8Array.of(1, 1, 1, 0, 1, 0, 0, 1, 0),
      path: [{ tx: 0, ty: 0, angle: 1 }],
      gridWorst: { tx: 3, ty: 0, angle: 30 },
    },
  ],
};

function sections(input: ReportInput): string[] {
  const page = parseHTML(renderHtml(input, document));
  return Array.from(page.document.querySelectorAll('section'), (section) => (section as { id: string }).id);
}

const documentOf = (input: ReportInput) => parseHTML(renderHtml(input, document)).document;

describe('renderHtml', () => {
  it('says what fell and by how much', () => {
    expect(renderHtml(smallest, document)).toContain(
      'Of 300 images the model is right on 274 as they are and on 28 in the worst case.',
    );
  });

  it('has the sections that there are data for', () => {
    expect(sections(smallest)).toEqual(['accuracy', 'absent', 'configuration']);
    expect(sections(full)).toEqual([
      'accuracy',
      'examples',
      'classes',
      'comparison',
      'grid',
      'landscapes',
      'epsilon',
      'failures',
      'absent',
      'configuration',
    ]);
  });

  it('has a bar for each frame of an image and shows the one that is told, without a script', () => {
    const frames = [-30, -5, 30].map((angle) => ({
      transformation: { tx: 3, ty: 0, angle },
      predicted: angle === -5 ? 0 : 1,
      loss: angle === -5 ? 0.5 : 4.5,
      picture: `data:image/png;base64,${angle}`,
    }));
    const examples = full.examples!.map((example) => ({ ...example, frames }));
    const page = parseHTML(renderHtml({ ...full, examples }, document)).document;
    const texts = (selector: string) =>
      Array.from(page.querySelectorAll(selector), (one) => (one as { textContent: string }).textContent);
    expect(Array.from(page.querySelectorAll('.bars i'), (bar) => (bar as { className: string }).className)).toEqual([
      'wrong at',
      '',
      'wrong',
    ]);
    expect(page.querySelector('.bars')!.getAttribute('aria-label')).toBe('Wrong at 2 of 3, from −30° to 30°');
    const range = page.querySelector('.sweep input')!;
    expect(['min', 'max', 'value', 'aria-label'].map((name) => range.getAttribute(name))).toEqual([
      '0',
      '2',
      '0',
      'Angle',
    ]);
    expect(range.hasAttribute('hidden')).toBe(true);
    expect(texts('[data-frame]:not([hidden]) b')).toEqual(['dog']);
    expect(texts('[data-frame="1"]').map((text) => text.replaceAll('\u00a0', ' '))).toEqual([
      'cat',
      '5° clockwise, 3 px rightright, loss 0.5: 61 % for cat',
    ]);
  });

  it('says of what is not there why, and which command brings it', () => {
    const said = (input: ReportInput) =>
      Array.from(
        documentOf(input).querySelectorAll('#absent li'),
        (line) => (line as { textContent: string }).textContent,
      );
    expect(said(full)).toEqual([
      expect.stringMatching(/^How far each image .* --attacks tolerance,tolerance:rotation$/),
      expect.stringMatching(/^What is proved .*: certificates are a command of their own\. gimbal certify MODEL/),
      expect.stringMatching(/^This run beside .* --baseline RUN$/),
    ]);
    const lines = said({ ...smallest, setting: { ...smallest.setting, vote: { draws: 10, box } } });
    expect(lines).toContainEqual(expect.stringContaining('the vote draws its answers anew each time'));
    expect(lines.join()).not.toContain('--landscapes');
    expect(said(smallest).join()).toContain('--exhaustive');
  });

  it('shows angles and shifts of a part of the images, and says how many', () => {
    const rotations = createGrid({ tx: 0, ty: 0, angle: 30 }, size, 'rotation');
    const tally = {
      attack: 'grid:rotation',
      axes: rotations.axes,
      n: 60,
      correct: Uint32Array.of(20, 55, 30),
      correctAtAngle: Uint32Array.of(20, 55, 30),
      correctAtShift: Uint32Array.of(15),
      imagesByFooling: Uint32Array.of(15, 15, 15, 15),
    };
    const section = documentOf({ ...smallest, slices: { grids: [tally], of: 300 } }).querySelector('#grid')!;
    expect(section.textContent).toContain('60 of the 300 images, evenly spread over the run,');
    expect(section.querySelectorAll('figure')).toHaveLength(1);
  });

  it('names both predictions, the parameters and the loss of an image that fools', () => {
    const card = parseHTML(renderHtml(full, document)).document.querySelector('.example')!;
    expect(Array.from(card.querySelectorAll('b'), (b) => (b as { textContent: string }).textContent)).toEqual([
      'cat',
      'dog',
    ]);
    expect(card.textContent).toContain('Smallest that fools: 30° clockwise, 3\u00a0px\u00a0right');
    expect(card.textContent).toContain('loss 4.5 · cat/7.jpg');
  });

  it('lists every class, the weakest first, with what it is taken for and the least that does it', () => {
    const page = parseHTML(renderHtml(full, document)).document;
    const rows = Array.from(page.querySelectorAll('#classes tbody tr'), (row) =>
      Array.from((row as { children: { textContent: string }[] }).children, ({ textContent }) => textContent.trim()),
    );
    expect(rows).toEqual([
      ['cat', '150', '93.3\u00a0%', '6.7\u00a0%', 'dog (140 of 150)', '4° counter-clockwise'],
      ['dog', '150', '89.3\u00a0%', '12.0\u00a0%', 'cat (132 of 150)', '3\u00a0px\u00a0right'],
    ]);
    expect(page.querySelectorAll('#classes svg')).toHaveLength(2);
  });

  it('says of a picture what its caption is: the smallest that fools, or what the attack ended with', () => {
    const told = (kind: 'smallest' | 'found') => {
      const examples = full.examples!.map((example) => ({ ...example, kind }));
      return parseHTML(renderHtml({ ...full, examples }, document)).document.querySelector('#examples')!.textContent;
    };
    expect(told('smallest')).toMatch(/the smallest of 27 rotations and shifts that fools/);
    expect(told('found')).toMatch(/Shown is the one that grid ended with.*Found: 30°/s);
    expect(told('found')).not.toMatch(/smallest of/);
  });

  it('needs nothing from elsewhere', () => {
    const text = renderHtml(full, document).replaceAll('http://www.w3.org/2000/svg', '');
    expect(text).not.toMatch(/https?:|<script .*src|<link|@import|url\(/);
    expect(text.match(/<script/g)).toHaveLength(1);
  });

  it('shows names with markup in them as text, wherever they come from', () => {
    const hostile: ReportInput = {
      ...full,
      result: {
        ...full.result,
        model: { ...full.result.model, name: HOSTILE },
        data: { ...full.result.data, name: HOSTILE },
        warnings: [HOSTILE],
      },
      command: HOSTILE,
      configuration: [[HOSTILE, HOSTILE]],
      assumptions: [HOSTILE],
      classNames: [HOSTILE, HOSTILE],
      examples: full.examples?.map((example) => ({ ...example, original: HOSTILE, file: HOSTILE })),
      failures: full.failures?.map((failure) => ({ ...failure, file: HOSTILE })),
    };
    const page = parseHTML(renderHtml(hostile, document)).document;
    expect(page.querySelectorAll('script, [onerror]')).toHaveLength(1);
    expect(page.querySelectorAll('img')).toHaveLength(2);
    expect(page.querySelector('h1')!.textContent).toBe(HOSTILE);
    const [beforeCode] = renderMarkdown(hostile).split('```');
    expect(beforeCode).not.toMatch(/<script|<img|@me/);
  });
});

describe('renderMarkdown', () => {
  it('is the table and the command that repeats it', () => {
    expect(renderMarkdown(smallest)).toMatchSnapshot();
  });

  it('has all classes, the weakest first', () => {
    expect(renderMarkdown(full)).toContain(
      '| cat | 150 | 93.3\u00a0% | 6.7\u00a0% | dog (140 of 150) | 4° counter-clockwise |\n| dog | 150 |',
    );
    const label = (_: unknown, at: number) => ({ ...full.classes![0], label: at });
    const many = renderMarkdown({ ...full, classNames: undefined, classes: Array.from({ length: 1000 }, label) });
    expect(many).toContain('The 100 weakest of 1,000 classes');
    expect(many.length).toBeLessThan(20_000);
  });

  it('tells the day', () => {
    const made = { begun: '2026-11-30T23:59:59.000Z' };
    expect(renderMarkdown({ ...smallest, made })).toContain('30 November 2026, Gimbal');
  });

  it('fences a command that has backticks in it', () => {
    expect(renderMarkdown({ ...smallest, command: 'echo ```' })).toContain('````sh\necho ```\n````');
  });
});
