import { factList } from '../components.ts';
import { html } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import type { Section } from '../section.ts';

/** What was assumed, all options, and the command that repeats the run. */
export function configurationSection({ result, command, configuration, assumptions = [] }: ReportInput): Section {
  const identity = [
    ['model SHA-256', result.model.sha256.slice(0, 16)],
    ['data fingerprint', result.data.fingerprint.slice(0, 16)],
    ['gimbal', result.gimbal],
  ] as const;
  const why = 'Random draws depend on the seed and the image alone, so its numbers come out the same.';
  const lines = assumptions.map((line) => html`<li>${line}</li>`);
  const assumed =
    lines.length === 0
      ? undefined
      : html`<h3>Assumed about the model and the data</h3><ul class="assumptions">${lines}</ul>`;
  const body = html`
    <p>This command repeats the run. ${why}</p>
    <pre><code>${command}</code></pre>
    ${assumed}
    <h3 class="after">Options</h3>
    ${factList([...configuration, ...identity])}`;
  return { id: 'configuration', title: 'Configuration and how to repeat it', short: 'Repeat', body };
}
