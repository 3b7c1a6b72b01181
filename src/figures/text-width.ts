/** Of the text of figures, in their own units. */
export const FONT_SIZE = 12;

/** Widths in parts of the font's size, at the upper end of what common sans-serif fonts have. */
const WIDTHS: readonly (readonly [characters: RegExp, width: number])[] = [
  [/[iljI.,:;'|!]/, 0.34],
  [/[tfr()[\]{}" -]/, 0.42],
  [/[mMW@%]/, 1],
  [/w/, 0.85],
  [/[A-Z0-9_+<>=~#&$]/, 0.72],
  // From the scripts of East Asia on, pictographs included.
  [/[\u{2e80}-\u{10ffff}]/u, 1.1],
];
const OTHERS = 0.62;

/** Space that a text takes, rather too much than too little: there are no font metrics outside of a browser. */
export function textWidth(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + FONT_SIZE * widthOf(character), 0);
}

function widthOf(character: string): number {
  return WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? OTHERS;
}

/** The text, or as much of its beginning as fits a width, with an ellipsis. */
export function shortened(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 1 && textWidth(`${characters.join('')}…`) > width) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}
