import { html, type Content, type Markup } from './markup.ts';

/** A large figure with a word above it. */
interface HeadlineFigure {
  readonly label: string;
  readonly value: string;
  /**
   * The colour that it has in figures too. `natural`: images as they are; `worst`: under an attack; the others: of
   * several classifiers the first, the second, the third.
   */
  readonly kind: 'natural' | 'worst' | 'first' | 'second' | 'third';
}

const ARROW = html`<span class="arrow" aria-hidden="true">→</span>`;

/** Figures with arrows between them, and what they are below. */
export function headlineBox(figures: readonly HeadlineFigure[], below: Content): Markup {
  const fall = figures.map(({ label, value, kind }, i) => [
    i === 0 ? undefined : ARROW,
    html`<div><span class="label">${label}</span><span class="figure ${kind}">${value}</span></div>`,
  ]);
  const under = below === undefined ? undefined : html`<p>${below}</p>`;
  return html`<div class="headline"><div class="fall">${fall}</div>${under}</div>`;
}

/** What a reader has to know before the figures. */
export function noteBox(content: Content): Markup {
  return html`<div class="warnings" role="note">${content}</div>`;
}

/** Names with values, in columns. */
export function factList(facts: Iterable<readonly [name: string, value: Content]>): Markup {
  const rows = [...facts].map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<dl class="facts">${rows}</dl>`;
}

/** A column's heading; `wide`, of figures, and `wide-text`: it is left out on narrow screens. */
export interface Column {
  readonly title: string;
  readonly kind?: 'number' | 'wide' | 'wide-text';
}

const CLASSES = { number: 'number', wide: 'number wide', 'wide-text': 'wide' } as const;

export function text(title: string): Column {
  return { title };
}

export function number(title: string): Column {
  return { title, kind: 'number' };
}

export function wide(title: string): Column {
  return { title, kind: 'wide' };
}

/** The row of headings of a table. */
export function headings(...columns: readonly Column[]): Markup {
  const cells = columns.map(({ title, kind }) =>
    kind === undefined
      ? html`<th scope="col">${title}</th>`
      : html`<th scope="col" class="${CLASSES[kind]}">${title}</th>`,
  );
  return html`<thead><tr>${cells}</tr></thead>`;
}

/** A table that scrolls sideways where it must, and whose columns sort where scripts run; paper gets its first rows. */
export function sortableTable(head: Markup, rows: Content): Markup {
  return html`<div class="scroll"><table class="sortable">${head}<tbody>${rows}</tbody></table>
    <p class="quiet small printed">On paper these are the first 40 rows; the page has all.</p></div>`;
}

/** Cells of figures. */
export function numberCells(...values: readonly Content[]): Markup {
  return html`${values.map((value) => html`<td class="number">${value}</td>`)}`;
}

/** Cells of figures that are left out on narrow screens. */
export function wideCells(...values: readonly Content[]): Markup {
  return html`${values.map((value) => html`<td class="number wide">${value}</td>`)}`;
}
