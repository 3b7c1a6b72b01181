import { html, trusted, type Content } from './markup.ts';
import { describeMade, type Made } from './made.ts';
import type { Section } from './section.ts';
import { PAGE_SCRIPT, PAGE_SCRIPT_SHA256 } from './page-script.ts';
import { STYLE } from './style.ts';

export interface Page {
  /** In the browser's tab. */
  readonly title: string;
  readonly heading: string;
  /** Below the heading, in quiet letters. */
  readonly about: string;
  readonly made?: Made;
  /** What comes before the contents. */
  readonly opening?: Content;
  /** Those that are undefined are left out. */
  readonly sections: readonly (Section | undefined)[];
  /** It holds tables that sort or pictures that enlarge, which takes a script. */
  readonly interactive?: boolean;
  /** Version of Gimbal. */
  readonly gimbal: string;
  /** A last sentence: how the numbers are to be read. */
  readonly footnote?: string;
}

export const UPPER_BOUND = 'The accuracy under an attack is an upper bound on what a stronger attack would leave.';

/** A report as one HTML file that needs nothing else: no network, no other file, no script but its own. */
export function renderPage({
  title,
  heading,
  about,
  made = {},
  opening,
  sections,
  gimbal,
  footnote = '',
  interactive = false,
}: Page): string {
  const shown = sections.filter((section) => section !== undefined);
  const script = interactive ? html`; script-src 'sha256-${PAGE_SCRIPT_SHA256}'` : undefined;
  const policy = html`default-src 'none'; style-src 'unsafe-inline'; img-src data:${script}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<header>
<p class="brand">Gimbal · spatial robustness</p>
<h1>${heading}</h1>
<p class="quiet about">${about}</p>
<p class="quiet small">${describeMade(made, gimbal)}</p>
${opening}
</header>
<nav aria-label="Contents"><ul>${shown.map(({ id, short }) => html`<li><a href="#${id}">${short}</a></li>`)}</ul></nav>
<main>${shown.map(
    ({ id, title: name, body }) => html`
<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${name}</h2>${body}</section>`,
  )}
</main>
<footer>Made by Gimbal ${gimbal}. ${footnote}</footer>
${interactive ? trusted(`<script>${PAGE_SCRIPT}</script>\n`) : undefined}</body>
</html>
`.text;
}
