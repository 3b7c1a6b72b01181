import { COLOUR_VARIABLES } from './colours.ts';

/** The report's one style sheet: light and dark, phone to desktop, fit to print. No fonts or files from elsewhere. */
export const STYLE = `${COLOUR_VARIABLES}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--gimbal-background); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main, header, footer, nav { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 36px; }
.brand { margin: 0; color: var(--quiet); font-size: 0.875rem; letter-spacing: 0.02em; }
h1 { margin: 2px 0 0; font-size: clamp(1.5rem, 5vw, 2.125rem); line-height: 1.2; letter-spacing: -0.015em;
  overflow-wrap: anywhere; }
h2 { margin: 0 0 6px; font-size: 1.25rem; line-height: 1.3; letter-spacing: -0.01em; }
h3 { margin: 0 0 4px; font-size: 1rem; line-height: 1.35; }
.scroll + h3 { margin-top: 28px; }
.figures + .scroll { margin-top: 24px; }
p { margin: 0 0 12px; max-width: 68ch; }
section { margin: 52px 0 0; scroll-margin-top: 16px; }
a { color: var(--accent); }
.quiet { color: var(--quiet); }
.about { margin-bottom: 2px; }
.small { font-size: 0.875rem; }
.headline { display: flex; flex-wrap: wrap; align-items: center; gap: 12px 40px; margin: 26px 0 18px;
  padding: 22px 26px; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
.headline .figure { font-size: clamp(2rem, 8.4vw, 3.5rem); font-weight: 650; line-height: 1.1;
  letter-spacing: -0.03em; font-variant-numeric: tabular-nums; white-space: nowrap; }
.headline .arrow { font-size: clamp(1.25rem, 5vw, 2.25rem); line-height: 1.4; color: var(--quiet); }
.headline .label { display: block; color: var(--quiet); font-size: 0.875rem; }
.headline p { margin: 0; max-width: 36ch; }
.fall { display: flex; flex-wrap: wrap; align-items: flex-end; gap: clamp(10px, 3vw, 26px); }
.natural { color: var(--gimbal-natural); }
.worst, .first { color: var(--gimbal-first); }
.second { color: var(--gimbal-second); }
.third { color: var(--gimbal-third); }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 18px 0 0; padding: 10px 0 0;
  border-top: 1px solid var(--line); list-style: none; font-size: 0.9375rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 28px 36px;
  margin-top: 18px; }
figure { margin: 0; min-width: 0; max-width: 560px; }
figcaption { margin-bottom: 8px; font-size: 0.9375rem; }
figcaption b { display: block; font-weight: 600; }
figcaption span { color: var(--quiet); font-size: 0.875rem; }
.gimbal-figure { display: block; width: 100%; height: auto; }
.gimbal-figure text { font-variant-numeric: tabular-nums; }
.scroll { overflow: auto; max-height: 78vh; }
.sortable thead th { position: sticky; top: 0; background: var(--gimbal-background); z-index: 1; }
.sortable button { all: unset; cursor: pointer; color: inherit; }
.sortable button:focus-visible, .enlarge:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[aria-sort] button::after { content: " ↑"; }
[aria-sort="descending"] button::after { content: " ↓"; }
.file { overflow-wrap: anywhere; }
.enlarge { all: unset; display: block; width: 100%; cursor: zoom-in; }
.view { width: min(94vw, 1000px); max-width: none; padding: 18px; border: 1px solid var(--line);
  border-radius: 12px; background: var(--surface); color: var(--text); cursor: zoom-out; }
.view::backdrop { background: rgb(0 0 0 / 0.6); }
.view p { margin: 12px 0 0; }
table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; }
caption { text-align: left; color: var(--quiet); font-size: 0.875rem; padding-bottom: 6px; }
th, td { padding: 8px 14px 8px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-weight: 500; font-size: 0.875rem; }
tbody th { font-weight: 600; white-space: nowrap; }
tbody th small { display: block; color: var(--quiet); font-weight: 400; white-space: normal; font-size: 0.8125rem;
  line-height: 1.35; }
small.below { display: block; font-size: 0.75rem; line-height: 1.35; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.strong { font-weight: 650; }
ul.absent { margin: 6px 0 0; padding-left: 20px; font-size: 0.9375rem; }
.absent li { margin-bottom: 8px; }
.absent code { overflow-wrap: anywhere; font-size: 0.8125rem; color: var(--quiet); }
.after { margin-top: 14px; }
.examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 236px), 1fr)); gap: 16px;
  margin: 18px 0 0; padding: 0; list-style: none; }
.example { padding: 12px; background: var(--surface); border: 1px solid var(--line); border-radius: 10px;
  font-size: 0.875rem; line-height: 1.4; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
.pair img { display: block; width: 100%; height: auto; border-radius: 5px; background: #000; }
img.tiny { image-rendering: pixelated; }
.pair b { display: block; margin-top: 6px; overflow-wrap: anywhere; font-weight: 600; }
.sweep { margin-top: 10px; }
.sweep input { display: block; width: 100%; height: 20px; margin: 0; accent-color: var(--accent); cursor: ew-resize; }
.sweep input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
.bars { display: flex; align-items: flex-end; height: 18px;
  margin: 0 calc(8px - (100% - 16px) / (2 * (var(--n) - 1))); print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.bars i { flex: 1; height: 6px; margin: 0 1px; border-radius: 1px; background: var(--line);
  border-bottom: 2px solid var(--gimbal-natural); }
.bars .wrong { height: 16px; background: var(--gimbal-first); border-color: var(--gimbal-first); }
.bars .at { outline: 2px dotted var(--text); outline-offset: 1px; }
.sweep + p { min-height: 7em; }
.ends { display: flex; justify-content: space-between; margin-top: 3px; color: var(--quiet); font-size: 0.75rem;
  line-height: 1.3; }
.example p { margin: 8px 0 0; color: var(--quiet); font-size: 0.8125rem; }
.warnings { margin: 18px 0 0; padding: 14px 18px; background: var(--warning);
  border-left: 4px solid var(--warning-line); border-radius: 6px; }
.warnings ul, .assumptions { margin: 6px 0 0; padding-left: 20px; }
.warnings h2 { font-size: 1rem; }
pre { margin: 10px 0 18px; padding: 14px 16px; overflow-x: auto; background: var(--surface);
  border: 1px solid var(--line); border-radius: 8px; font-size: 0.875rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.facts { display: grid; align-content: start;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); gap: 0 36px; margin: 8px 0 0;
  font-size: 0.875rem; }
.facts div { display: flex; justify-content: space-between; gap: 16px; padding: 6px 0;
  border-bottom: 1px solid var(--line); min-width: 0; }
.facts dt { color: var(--quiet); white-space: nowrap; }
.facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
footer { margin-top: 56px; padding-top: 16px; padding-bottom: 40px; color: var(--quiet); font-size: 0.875rem; }
@media (max-width: 560px) {
  main, header, footer, nav { padding-left: 16px; padding-right: 16px; }
  .headline { padding: 16px 18px; }
  section { margin-top: 42px; }
  .examples { grid-template-columns: 1fr 1fr; gap: 10px; }
  .example { padding: 9px; }
  .pair { gap: 7px; }
  .wide { display: none; }
  th, td { padding-right: 10px; }
}
.printed { display: none; }
@page { margin: 14mm; }
@media print {
  .sweep input { display: none; }
  body { font-size: 13px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, header, footer { max-width: none; padding: 0; }
  header { padding-top: 0; }
  th, td { padding-top: 4px; padding-bottom: 4px; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .sortable tbody tr:nth-child(n + 41) { display: none; }
  .scroll:has(tbody tr:nth-child(41)) .printed { display: block; margin: 6px 0 0; }
  figure, .example, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  nav { display: none; }
  .scroll { overflow: visible; max-height: none; }
  .sortable thead th { position: static; }
  section { margin-top: 28px; }
  .examples { grid-template-columns: repeat(5, 1fr); gap: 8px; }
  .example { padding: 6px; break-inside: avoid; }
  .figures { grid-template-columns: 1fr 1fr; }
}
`;
