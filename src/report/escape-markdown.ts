import { visible } from '../errors/visible.ts';

/** Keeps text from being read as Markdown, HTML, a mention or the end of a table's cell. */
export function escapeMarkdown(text: string): string {
  return visible(text.replace(/\s+/g, ' '))
    .replace(/[\\`*_{}[\]|~#]/g, (character) => `\\${character}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;');
}
