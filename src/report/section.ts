import { html, trusted, type Content, type Markup } from './markup.ts';

/** A part of the report with a heading of its own. */
export interface Section {
  /** Anchor. */
  readonly id: string;
  readonly title: string;
  /** Title in the table of contents. */
  readonly short: string;
  readonly body: Markup;
}

/** A chart with its caption. @param svg made by one of the functions of src/figures */
export function figure(svg: string, title: string, explanation?: Content): Markup {
  const under = explanation === undefined ? undefined : html`<span>${explanation}</span>`;
  return html`<figure><figcaption><b>${title}</b>${under}</figcaption>${trusted(svg)}</figure>`;
}

export function figures(...items: readonly (Markup | undefined)[]): Markup {
  return html`<div class="figures">${items}</div>`;
}
