import type { Help } from 'commander';
import type { Terminal } from './terminal.ts';

/** What one may want first. */
export const EXAMPLES: readonly string[] = [
  'gimbal evaluate model.onnx --data photos/ --resize 256 --crop 224',
  'gimbal inspect model.onnx --data photos/',
  'gimbal harden model.onnx --data photos/ --out runs/hardened',
  'gimbal help evaluate',
];

const NARROWEST = 80;
const WIDEST = 110;

/** Columns that help takes: long lines are hard to read, and a pipe has none. */
export function helpWidth({ columns }: Pick<Terminal, 'columns'>): number {
  return Math.min(WIDEST, Math.max(NARROWEST, columns));
}

/** Where descriptions begin; a longer flag has a line to itself. */
const TERM = 24;

/** How commander lays out help. */
export const HELP_LAYOUT: Partial<Help> = {
  padWidth: () => TERM,
  formatItem(term, _width, description, helper) {
    const lines = helper.boxWrap(description, (helper.helpWidth ?? NARROWEST) - TERM - 4).split('\n');
    const begun = `  ${term.padEnd(TERM)}  `;
    const indent = ' '.repeat(TERM + 4);
    const [first, ...rest] = term.length > TERM ? [`  ${term}`, ...lines] : [`${begun}${lines[0]}`, ...lines.slice(1)];
    return [first, ...rest.map((line) => `${indent}${line}`)].join('\n');
  },
};

export function examplesText(examples: readonly string[]): string {
  return ['Examples:', ...examples.map((example) => `  ${example}`)].join('\n');
}

/** A paragraph in lines of eighty. */
export function wrapped(paragraph: string): string {
  return paragraph.replace(new RegExp(`(.{1,${NARROWEST}})(?:\\s+|$)`, 'g'), '$1\n').trimEnd();
}
