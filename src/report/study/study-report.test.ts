import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { renderStudyHtml } from './render-study-html.ts';
import { renderStudyMarkdown } from './render-study-markdown.ts';
import { studyFalls } from './study-falls.ts';
import type { StudyReport } from './study-report.ts';
import { tableLines, tablesOf } from './study-table.ts';

const { document } = parseHTML('<html></html>');
const HOSTILE = `<script>alert("x")</script><img src=x onerror='y'>|`;
const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const epoch = { epoch: 1, loss: 1, natural: 0.9, seconds: 30 };

const report: StudyReport = {
  title: 'MNIST',
  data: 'mnist test',
  setting: { box: { tx: 3, ty: 3, angle: 30 }, grid: { tx: 5, ty: 5, angle: 31 } },
  columns: ['natural', 'grid'],
  rows: [
    {
      row: {
        name: 'standard',
        title: 'Standard',
        classifier: 'standard',
        parts: [],
        published: [
          { source: 'the paper', accuracies: { natural: { value: 0.9931 }, grid: { value: 0.26, secondHand: true } } },
        ],
      },
      cells: new Map([
        ['natural', { correct: 99, n: 100, accuracy: 0.99, interval: [0.9455, 0.9982] }],
        ['grid', { correct: 3, n: 10, accuracy: 0.3, interval: [0.1078, 0.6032] }],
      ]),
    },
    {
      row: { name: 'robust', title: 'Robust', classifier: 'robust', parts: [] },
      cells: new Map([['grid', { correct: 9, n: 10, accuracy: 0.9, interval: [0.5958, 0.9821] }]]),
    },
  ],
  contrast: {
    fooled: 'standard',
    robust: 'robust',
    attack: 'grid',
    examples: [
      {
        index: 7,
        label: 0,
        prediction: 0,
        attack: 'grid',
        kind: 'found',
        transformation: { tx: 3, ty: 0, angle: -30 },
        predicted: 1,
        loss: 4.5,
        original: PIXEL,
        transformed: PIXEL,
      },
    ],
  },
  classNames: ['a', 'b'],
  training: [
    {
      classifier: 'standard',
      recipe: 'mnist/standard',
      seed: 0,
      parameters: 70330,
      epochs: [epoch, { ...epoch, epoch: 2 }],
    },
  ],
  details: [{ title: 'Standard', path: 'standard/forward-all/report.html' }],
  command: 'gimbal reproduce mnist',
  gimbal: '0.1.0',
};

it('sets what was published above what was measured, and leaves blank what nobody told', () => {
  expect(tableLines(report)).toEqual([
    { title: 'Standard', source: 'the paper', cells: [{ accuracy: '99.31' }, { accuracy: '26*' }] },
    {
      title: 'Standard',
      cells: [
        { accuracy: '99.00', interval: '94.55 – 99.82', n: 100 },
        { accuracy: '30.00', interval: '10.78 – 60.32', n: 10 },
      ],
    },
    { title: 'Robust', cells: [undefined, { accuracy: '90.00', interval: '59.58 – 98.21', n: 10 }] },
  ]);
});

it('tells shipped results from those measured here; columns without room go to a table of their own', () => {
  const [standard, robust] = report.rows;
  const shipped = {
    ...standard,
    shipped: true as const,
    cells: new Map([...standard.cells, ['pgd-linf', standard.cells.get('grid')!]]),
  };
  const [first, second, ...rest] = tablesOf({
    columns: report.columns,
    further: [
      { title: 'Noise', columns: ['natural', 'pgd-linf'] },
      { title: 'None', columns: ['combined'] },
    ],
    rows: [shipped, standard, { ...robust, shipped: 'partly' }],
  });
  expect(first.lines.map(({ title, source }) => [title, source])).toEqual([
    ['Standard', 'the paper'],
    ['Standard', 'shipped with Gimbal'],
    ['Standard', undefined],
    ['Robust', 'partly shipped with Gimbal'],
  ]);
  expect(second).toMatchObject({
    title: 'Noise',
    lines: [
      { title: 'Standard', source: 'shipped with Gimbal', cells: [{ accuracy: '99.00' }, { accuracy: '30.00' }] },
    ],
  });
  expect(rest).toEqual([]);
});

describe('renderStudyHtml', () => {
  const page = parseHTML(renderStudyHtml(report, document)).document;

  it('has the worst case of each row on top, the images, the curves and the links', () => {
    expect(
      Array.from(
        page.querySelectorAll('.headline .figure'),
        (figure) => (figure as { textContent: string }).textContent,
      ),
    ).toEqual(['30.0\u00a0%', '90.0\u00a0%']);
    expect(Array.from(page.querySelectorAll('section'), (section) => (section as { id: string }).id)).toEqual([
      'accuracy',
      'examples',
      'training',
      'repeat',
    ]);
    expect(page.querySelector('#examples')!.textContent).toContain('30° clockwise, 3\u00a0px\u00a0right');
    expect(page.querySelector('#training')!.textContent).toContain('1 min 0 s'.replaceAll(' ', '\u00a0'));
    expect(page.querySelector('#repeat a')!.getAttribute('href')).toBe('standard/forward-all/report.html');
    expect(page.body.textContent).toContain('not read in the paper itself');
  });

  it('loads nothing from elsewhere, and shows names with markup as text', () => {
    const text = renderStudyHtml(
      {
        ...report,
        title: HOSTILE,
        data: HOSTILE,
        command: HOSTILE,
        columns: ['natural', 'grid'],
        classNames: [HOSTILE, HOSTILE],
      },
      document,
    );
    expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script .*src|<link|@import|url\(/);
    expect(parseHTML(text).document.querySelectorAll('script, [onerror]')).toHaveLength(1);
  });
});

describe('of many classifiers', () => {
  const [standard, robust] = report.rows;
  const many = { ...report, rows: [standard, { ...standard, shipped: true as const }, robust, robust, robust] };

  it('shows how far each falls, what was published once', () => {
    const svg = studyFalls(many, document)!;
    expect(svg).toContain('Standard: natural 99.0\u00a0%, grid 30.0\u00a0%. Standard, shipped: natural 99.0');
    expect(svg.match(/aria-label="tick"[^]*?<\/g>/)![0].match(/<line/g)).toHaveLength(1);
    expect(renderStudyHtml(many, document)).toContain(svg);
  });

  it('does not where the grid was not tried, or there are few', () => {
    expect(studyFalls({ ...many, columns: ['natural'] }, document)).toBeUndefined();
    expect(studyFalls(report, document)).toBeUndefined();
    expect(renderStudyHtml(report, document)).toContain('Accuracy of each classifier by attack');
  });
});

it('gives the table in Markdown', () => {
  expect(renderStudyMarkdown({ ...report, title: 'A | B' })).toMatchSnapshot();
});
