import type { z } from 'zod';
import { type OptionEntry, optionEntries } from '../settings/option.ts';

/** An option's default in words: `5x5x31`, `from the model`, or empty. */
export function describeDefault(entry: OptionEntry): string {
  if (entry.defaultText !== undefined) {
    return entry.defaultText;
  }
  if (entry.default === undefined || typeof entry.default === 'boolean') {
    return '';
  }
  const parts = typeof entry.default === 'object' ? Object.values(entry.default as object) : [entry.default];
  return parts.join(Array.isArray(entry.default) ? ',' : 'x');
}

/** `--grid 5x5x31`, `MODEL`; of a toggle the form that changes its default. */
export function flagOf({ name, value, positional, default: fallback }: OptionEntry): string {
  if (positional) {
    return String(value);
  }
  return value === undefined ? `--${fallback === true ? 'no-' : ''}${name}` : `--${name} ${value}`;
}

/** The options of a command as a Markdown table, for the documentation. */
export function optionsTable(schema: z.ZodObject): string {
  const rows = optionEntries(schema).map(
    (entry) => `| \`${escape(flagOf(entry))}\` | ${escape(entry.help)} | ${escape(describeDefault(entry))} |`,
  );
  return ['| option | meaning | default |', '|---|---|---|', ...rows].join('\n');
}

function escape(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
