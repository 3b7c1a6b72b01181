import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { COMMANDS } from '../cli/commands.ts';
import { addOptions, optionsFrom } from '../cli/options-from-argv.ts';
import { GimbalError } from '../errors/error.ts';
import { recipeNamed } from '../training/recipes/index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter(
  (page) => page.endsWith('.md'),
);
const SHELL = new Set(['', 'sh', 'bash', 'yaml']);
const NAMES = COMMANDS.map(({ name }) => name).join('|');

/** The commands that a page quotes: whole lines of code, and code inside of sentences. */
function quoted(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/\\\n\s*/g, '');
  const begins = new RegExp(`^(.*? )?(npx )?gimbal (${NAMES}) `);
  const fences = [...text.matchAll(/^```(\w*)\n([^]*?)^```/gm)];
  const lines = fences.flatMap(([, language, code]) => (SHELL.has(language) ? code.split('\n') : []));
  const indented = text.split('\n').filter((line) => /^ {4,}(npx )?gimbal /.test(line));
  const inline = [...text.matchAll(/`((?:npx )?gimbal [^`\n]+)`/g)].map(([, code]) => code);
  return [...lines, ...indented, ...inline].filter((line) => begins.test(line.trim()));
}

/** Its words, without comments, what a shell makes of the rest of the line, and the marks of what is left out. */
function words(command: string): string[] {
  const [, rest] = /\bgimbal (.*)$/.exec(command) ?? [];
  const [kept] = rest.split(/ +#| {2,}\(| [;|&>]|;| :::/);
  return (kept.match(/'[^']*'|"[^"]*"|[^\s'"]+/g) ?? [])
    .map((word) => word.replace(/^(['"])(.*)\1$/, '$2'))
    .map((word) => word.replace(/^\[|\]$/g, '').replace(/\{\}|\$i\b/, '1'))
    .filter((word) => !/^(…|\.\.\.)$/.test(word));
}

/** What is wrong with a command: an option that there is not, a value that is refused, a recipe that nobody knows. */
async function fault(command: string): Promise<string | undefined> {
  const [name, ...argv] = words(command).map((word) => (word === 'N' ? '1' : word));
  const { options } = COMMANDS.find((known) => known.name === name)!;
  const parser = new Command(name).exitOverride().configureOutput({ writeErr: () => undefined });
  addOptions(parser, options);
  try {
    parser.parse(argv, { from: 'user' });
    const read = await optionsFrom(parser, options);
    if (typeof read.recipe === 'string' && read.recipe !== 'RECIPE') recipeNamed(read.recipe);
    return undefined;
  } catch (error) {
    // A sentence may quote a part of a command.
    if (error instanceof GimbalError && error.issue.code === 'missing-option') return undefined;
    return `${command.trim()}: ${(error as Error).message}`;
  }
}

it.each(PAGES)('quotes only commands in %s that the command line takes', async (page) => {
  const faults = await Promise.all(quoted(page).map(fault));
  expect(faults.filter((one) => one !== undefined)).toEqual([]);
});

it('finds the commands of the README, and what is wrong with one', async () => {
  expect(quoted('README.md').length).toBeGreaterThan(10);
  expect(await fault('npx gimbal evaluate a.onnx --data mnist --grids 5x5x5')).toContain('--grids');
  expect(await fault('gimbal evaluate a.onnx --data mnist --attacks natural,gird')).toContain('gird');
});
