/**
 * Characters that a terminal obeys, that turn the order of text around, that break lines, or that stand for nothing:
 * C0, DEL and C1 controls, bidirectional controls, line and paragraph separators, surrogates without a partner, and
 * the last two of the plane, which no XML may hold.
 */
const STEERING = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A name or value as one line of harmless text: steering characters are shown as JSON writes them, `\u001b`, `\n`. */
export function visible(text: string): string {
  return text.replace(STEERING, (character) => SHORT[character] ?? escaped(character));
}

/**
 * Text with its own lines and tabs, in which nothing else steers. JSON stays JSON of the same values: there steering
 * characters stand inside of strings alone, where the escape means the same.
 */
export function visibleText(text: string): string {
  return text.replace(STEERING, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

/** Several lines as one paragraph. */
export function oneParagraph(text: string): string {
  return visible(text.trim().replace(/\s*\n\s*/g, ' '));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
