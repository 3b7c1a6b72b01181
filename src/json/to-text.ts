import { jsonOf } from './json-of.ts';

/** JSON as files hold it and `--json` prints it. */
export function toText(value: unknown): string {
  return `${jsonOf(value, 2)}\n`;
}
