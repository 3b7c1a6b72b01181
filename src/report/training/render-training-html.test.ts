import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { renderTrainingHtml } from './render-training-html.ts';
import type { TrainingReport } from './training-report.ts';

const { document } = parseHTML('<html></html>');
const HOSTILE = `<script>alert("x")</script><img src=x onerror='y'>`;
const pace = { heldOut: 1000, imagesPerSecond: 1234.5, seconds: 30 };

const report: TrainingReport = {
  recipe: 'mnist/w10-30',
  data: 'mnist train',
  shape: '1×28×28',
  classes: 10,
  images: 59_000,
  parameters: 70_570,
  epochs: 3,
  metrics: [
    { epoch: 1, loss: 1.5, rate: 0.004, ...pace },
    { epoch: 2, loss: 0.25, natural: 0.985, worstOf10: 0.912, rate: 0.00001234, ...pace },
  ],
  settings: [['epochs', '3']],
  command: 'gimbal train mnist/w10-30',
  gimbal: '0.1.0',
};

const page = (given: TrainingReport) => parseHTML(renderTrainingHtml(given, document)).document;
const sections = (given: TrainingReport) =>
  Array.from(page(given).querySelectorAll('section'), (section) => (section as { id: string }).id);

describe('renderTrainingHtml', () => {
  it('has the last accuracies on top, the curves, every epoch and the settings', () => {
    expect(page(report).querySelector('.headline')!.textContent).toMatch(
      /98\.5\u00a0%.*91\.2\u00a0%.*1,000 images held out/,
    );
    expect(sections(report)).toEqual(['curves', 'epochs', 'settings']);
    const rows = Array.from(page(report).querySelectorAll('tbody tr'), (row) =>
      Array.from((row as { children: ArrayLike<{ textContent: string }> }).children, ({ textContent }) => textContent),
    );
    expect(rows).toEqual([
      ['1', '1.5', '–', '–', '0.004', '1,235', '30\u00a0s'],
      ['2', '0.25', '98.5\u00a0%', '91.2\u00a0%', '0.0000123', '1,235', '30\u00a0s'],
    ]);
    expect(page(report).querySelector('#settings')!.textContent).toContain('gimbal train mnist/w10-30');
  });

  it('says where the run stopped, and draws no curve through one point', () => {
    expect(page(report).querySelector('.warnings')!.textContent).toContain('2 of 3 epochs');
    expect(page({ ...report, epochs: 2 }).querySelector('.warnings')).toBeNull();
    expect(sections({ ...report, metrics: report.metrics.slice(0, 1) })).toEqual(['absent', 'epochs', 'settings']);
  });

  it('loads nothing from elsewhere, and shows names with markup as text', () => {
    const text = renderTrainingHtml(
      { ...report, data: HOSTILE, command: HOSTILE, start: HOSTILE, settings: [[HOSTILE, HOSTILE]] },
      document,
    );
    expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|<link|@import|url\(/);
    expect(parseHTML(text).document.querySelectorAll('script, [onerror]')).toHaveLength(0);
  });
});
