/** Of a value no more than so many characters are told. */
const MOST = 60;

/**
 * A value for a message: as JSON where it has such a form, cut where it is long. Never fails, whatever the value is.
 */
export function shown(value: unknown): string {
  const text = textOf(value);
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}

function textOf(value: unknown): string {
  // JSON makes null of these.
  if (typeof value === 'number') return String(value);
  if (value === undefined) return 'nothing';
  try {
    return JSON.stringify(value) ?? kindOf(value);
  } catch {
    // Circular, or a bigint.
    return typeof value === 'bigint' ? String(value) : kindOf(value);
  }
}

function kindOf(value: unknown): string {
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
