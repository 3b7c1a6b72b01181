import type { z } from 'zod';
import { type OptionEntry, optionEntries } from './option.ts';

/** An option's default in words: `5x5x31`, `from the model`, or empty. */
export function describeDefault(entry: OptionEntry): string {
  if (entry.defaultText !== undefined) {
    return entry.defaultText;
  }
  if (entry.default === undefined || entry.default === false) {
    return '';
  }
  if (entry.default === true) {
    return 'yes';
  }
  const parts = typeof entry.default === 'object' ? Object.values(entry.default as object) : [entry.default];
  return parts.join(Array.isArray(entry.default) ? ',' : 'x');
}

/** The options of a command as a Markdown table, for the documentation. */
export function optionsTable(schema: z.ZodObject): string {
  const rows = optionEntries(schema).map((entry) => {
    const flag = entry.positional ? String(entry.value) : `--${entry.name}${entry.value === undefined ? '' : ` ${entry.value}`}`;
    return `| \`${escape(flag)}\` | ${escape(entry.help)} | ${escape(describeDefault(entry))} |`;
  });
  return ['| option | meaning | default |', '|---|---|---|', ...rows].join('\n');
}

function escape(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
