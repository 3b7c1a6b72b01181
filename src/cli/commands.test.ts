import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { gimbal } from '../testing/gimbal.ts';
import { optionEntries } from '../settings/option.ts';
import { optionsTable } from '../options/options-table.ts';
import { COMMANDS } from './commands.ts';

const INTRODUCTION = `# Options of the other commands

Those of \`gimbal evaluate\` have [a page of their own](evaluate-options.md); as there, each may also stand in a JSON
file given with \`--config FILE\`. This page is written from the schemas (\`src/options/\`) by \`npx vitest run
dist/cli/commands -u\`.

| exit code | of every command |
|---|---|
| 0 | done |
| 1 | an accuracy is below \`--fail-under\`, or worse than \`--fail-if-worse\` allows |
| 2 | the input is at fault: an option, a model, data, a file; the message says what to change |
| 3 | the run could not be carried through: a full disk, a model that gives no numbers, a fault of Gimbal |
| 129, 130, 143 | stopped by SIGHUP, Ctrl-C or SIGTERM; the same command goes on |

A number whose unit is in doubt is asked about, not obeyed; the question names a way to write either meaning:
\`--epsilon 8\` (\`8/255\`, \`8/1\`), \`--fail-under grid=0.6\` (\`grid=60\`, \`grid=0.6%\`), \`--rotation 0.5\`
(\`28.65\`, \`0.5deg\`), \`--translation 0.1\` (\`10%\`, \`0.1px\`), \`--set rate=10\` (\`rate=10/1\`).
`;

it('has a page of options in the documentation as the schemas say', async () => {
  const sections = COMMANDS.filter(({ name }) => name !== 'evaluate').map(
    ({ name, description, options }) => `## gimbal ${name}\n\n${description}\n\n${optionsTable(options)}\n`,
  );
  await expect([INTRODUCTION, ...sections].join('\n')).toMatchFileSnapshot(
    fileURLToPath(new URL('../../docs/command-options.md', import.meta.url)),
  );
});

it.each(COMMANDS.map(({ name, options }) => [name, options] as const))(
  'gimbal %s shows every option in its help',
  async (name, options) => {
    const { code, out } = await gimbal(name, '--help');
    expect(code).toBe(0);
    for (const { positional, repeatable, value, name: flag } of optionEntries(options))
      expect(out).toMatch(positional ? `[${value}${repeatable ? '...' : ''}]` : new RegExp(`--(no-)?${flag}\\b`));
  },
);

it.each(COMMANDS.map(({ name }) => name))('gimbal %s names an unknown option before what is missing', async (name) => {
  expect(await gimbal(name, '--debugg')).toEqual({
    code: 2,
    out: '',
    error: `gimbal: unknown option '--debugg' (Did you mean --debug?). See gimbal ${name} --help.\n`,
  });
});

it('points to the help of all commands where none was given', async () => {
  expect((await gimbal('--debugg')).error).toMatch(/See gimbal --help\.\n$/);
});

it.each([
  ['train mnist/w10-30 --dta x --out y', /unknown option '--dta' \(Did you mean --data\?\)/],
  ['train mnist/w10-30 --out y', /--data SOURCE: is missing/],
  ['train mnist/w10-30 --seed 1 --data x --out y', /'--seed': it is a setting, which is given as --set seed=VALUE\./],
  ['harden m.onnx --held-out=9 --data x', /'--held-out': it is a setting, which is given as --set heldOut=VALUE\./],
  ['evaluate m.onnx --epochs 1 --data x', /unknown option '--epochs'/],
  ['train mnist/w10-30 --data x', /--out DIR: is missing/],
  ['train --data x --out y', /gimbal: x: is neither/],
  ['train a b --data x --out y', /too many arguments/],
  ['train mnist/w10-30 --data x --out y --resize 0', /--resize: got "0", expected pixels/],
  ['train mnist/w10-30 --data x --out y --crop 1.5', /--crop: got "1\.5", expected a whole number from 1 to 16,384/],
  ['train mnist/w10-30 --data x --out y --threads 0', /--threads: got "0"/],
  ['train no-such --data x --out y', /no-such/],
  ['export --vote 3 --out x', /MODEL: is missing/],
  ['export m.onnx --out x', /--vote M: is missing.*--mirror or --with is needed/],
  ['export m.onnx --mirror --rotation 5 --out x', /--rotation: goes with --vote M/],
  ['export m.onnx --vote 1 --out x', /--vote: got "1", expected a whole number from 2 to 1,000/],
  ['export m.onnx --vote 3', /--out FILE: is missing/],
  ['export m.onnx --vote 3 --out x --rotation left', /--rotation: got "left", expected degrees/],
  ['export m.onnx --vote 3 --out x --translation 3feet', /--translation: got "3feet"/],
  ['export m.onnx --vote 3 --out x --seed -1', /--seed: got "-1"/],
  ['reproduce', /TABLE: is missing/],
  ['reproduce svhn', /table svhn: there is none of that name/],
  ['reproduce mnist --limit 0', /--limit: got "0"/],
  ['story --threads many', /--threads: got "many"/],
  ['compare a.onnx --data x', /MODEL\|RUN: takes two models, or two and more run folders; one is given/],
  ['compare', /MODEL\|RUN: is missing/],
  ['compare a.onnx b.onnx', /--data SOURCE: is missing/],
  ['compare a.onnx b.onnx --data x --images 0', /--images: got "0"/],
  ['recipes no-such', /no-such/],
])('gimbal %s is refused in one line', async (line, message) => {
  const { code, out, error } = await gimbal(...line.split(' '));
  expect(error).toMatch(message);
  expect(error.trimEnd().split('\n')).toHaveLength(1);
  expect([code, out]).toEqual([2, '']);
});

it('tells the exit codes in its help', async () => {
  const { code, out } = await gimbal('--help');
  expect([code, out.replace(/\s+/g, ' ')]).toEqual([
    0,
    expect.stringContaining('3 the run could not be carried through'),
  ]);
});
