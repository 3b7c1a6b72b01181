import type { FigureDocument } from '../figures/document.ts';
import { headlineBox, noteBox } from './components.ts';
import { headline } from './headline.ts';
import { html, type Markup } from './markup.ts';
import { renderPage, UPPER_BOUND } from './page.ts';
import type { ReportInput } from './report-input.ts';
import type { Section } from './section.ts';
import { accuracySection } from './sections/accuracy.ts';
import { baselineSection } from './sections/baseline.ts';
import { certificatesSection } from './sections/certificates.ts';
import { classesSection } from './sections/classes.ts';
import { comparisonSection } from './sections/comparison.ts';
import { configurationSection } from './sections/configuration.ts';
import { epsilonSection } from './sections/epsilon.ts';
import { examplesSection } from './sections/examples.ts';
import { failuresSection } from './sections/failures.ts';
import { gridSection } from './sections/grid.ts';
import { landscapesSection } from './sections/landscapes.ts';
import { notShownSection } from './sections/not-shown.ts';
import { survivalSection } from './sections/survival.ts';
import { formatCount } from '../notation/numbers.ts';

/**
 * The report as one HTML file that needs nothing else. Sections without data are left out.
 *
 * @param document to draw figures on: a page's own or linkedom's; nothing is left on it
 */
export function renderHtml(input: ReportInput, document: FigureDocument): string {
  const { result } = input;
  const sections = SECTIONS.map((section) => section(input, document)).filter((section) => section !== undefined);
  return renderPage({
    title: `${result.model.name}: spatial robustness on ${result.data.name}`,
    heading: result.model.name,
    about: `on ${result.data.name}, ${formatCount(result.n)} images`,
    made: input.made,
    opening: [headlineMarkup(input), warnings(input)],
    sections: [...sections, notShownSection(input, new Set(sections.map(({ id }) => id))), configurationSection(input)],
    interactive: true,
    gimbal: result.gimbal,
    footnote: UPPER_BOUND,
  });
}

const SECTIONS: readonly ((input: ReportInput, document: FigureDocument) => Section | undefined)[] = [
  certificatesSection,
  survivalSection,
  accuracySection,
  baselineSection,
  examplesSection,
  classesSection,
  comparisonSection,
  gridSection,
  landscapesSection,
  epsilonSection,
  failuresSection,
];

function headlineMarkup(input: ReportInput): Markup {
  const { natural, worst, under, sentence, counts } = headline(input);
  const figures = [
    { label: 'images as they are', value: natural, kind: 'natural' } as const,
    { label: 'worst case', value: worst, kind: 'worst' } as const,
  ].flatMap(({ value, ...rest }) => (value === undefined ? [] : [{ value, ...rest }]));
  return html`${headlineBox(figures, under)}<p>${counts ?? sentence}</p>`;
}

function warnings({ result }: ReportInput): Markup | undefined {
  if (result.warnings.length === 0) return undefined;
  const lines = result.warnings.map((warning) => html`<li>${warning}</li>`);
  return noteBox(html`<h2>${lines.length === 1 ? 'Warning' : 'Warnings'}</h2><ul>${lines}</ul>`);
}
