import type { FigureDocument } from '../figures/frame.ts';
import { headline } from './headline.ts';
import { html, trusted, type Markup } from './markup.ts';
import type { ReportInput } from './report-input.ts';
import type { Section } from './section.ts';
import { accuracySection } from './sections/accuracy.ts';
import { classesSection } from './sections/classes.ts';
import { comparisonSection } from './sections/comparison.ts';
import { configurationSection } from './sections/configuration.ts';
import { epsilonSection } from './sections/epsilon.ts';
import { examplesSection } from './sections/examples.ts';
import { gridSection } from './sections/grid.ts';
import { landscapesSection } from './sections/landscapes.ts';
import { trainingSection } from './sections/training.ts';
import { STYLE } from './style.ts';

/**
 * The report as one HTML file that needs nothing else: no network, no scripts. Sections without data are left out.
 *
 * @param document to draw figures on: a page's own or linkedom's; nothing is left on it
 */
export function renderHtml(input: ReportInput, document: FigureDocument): string {
  const { result } = input;
  const sections = SECTIONS.map((section) => section(input, document)).filter((section) => section !== undefined);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${result.model.name}: spatial robustness on ${result.data.name}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<header>
<p class="brand">Gimbal · spatial robustness</p>
<h1>${result.model.name}</h1>
<p class="quiet">on ${result.data.name}, ${result.n.toLocaleString('en-US')} images</p>
${headlineMarkup(input)}
${warnings(input)}
</header>
<nav aria-label="Contents"><ul>${sections.map(({ id, short }) => html`<li><a href="#${id}">${short}</a></li>`)}</ul></nav>
<main>${sections.map(({ id, title, body }) => html`
<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`)}
</main>
<footer>Made by Gimbal ${result.gimbal}. The accuracy under an attack is an upper bound on what a stronger attack would leave.</footer>
</body>
</html>
`;
  return page.text;
}

const SECTIONS: readonly ((input: ReportInput, document: FigureDocument) => Section | undefined)[] = [
  accuracySection,
  examplesSection,
  comparisonSection,
  gridSection,
  landscapesSection,
  classesSection,
  epsilonSection,
  trainingSection,
  configurationSection,
];

function headlineMarkup(input: ReportInput): Markup {
  const { natural, worst, under, sentence, counts } = headline(input);
  const figures = [
    ...(natural === undefined ? [] : [html`<div><span class="label">images as they are</span><span class="figure natural">${natural}</span></div>`]),
    ...(natural === undefined || worst === undefined ? [] : [html`<span class="arrow" aria-hidden="true">→</span>`]),
    ...(worst === undefined ? [] : [html`<div><span class="label">worst case</span><span class="figure worst">${worst}</span></div>`]),
  ];
  return html`<div class="headline"><div class="fall">${figures}</div>${under === undefined ? undefined : html`<p>${under}</p>`}</div><p>${counts ?? sentence}</p>`;
}

function warnings({ result }: ReportInput): Markup | undefined {
  if (result.warnings.length === 0) return undefined;
  return html`<div class="warnings" role="note"><h2>${result.warnings.length === 1 ? 'Warning' : 'Warnings'}</h2><ul>${result.warnings.map((warning) => html`<li>${warning}</li>`)}</ul></div>`;
}
