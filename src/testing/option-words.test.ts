import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../cli/commands.ts';
import { flagsIn, flagsOf } from '../cli/fitting-advice.ts';

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));

/** The command line, and what shows or measures it. */
const MAY_NAME_FLAGS = /^(cli|bench|testing|report)\//;

/** Files of the core and of other edges in which two dashes are no option of a message. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'applications/evaluate/shard.ts': 'puts the number of a shard into the command that is kept',
  'applications/merge/merge.ts': 'makes the command of the whole from that of a shard',
  'applications/study/part-result.ts': 'keeps the command that repeats a part',
  'figures/palette.ts': 'properties of CSS',
  'gradients/table.ts': 'the command that writes a page of the docs',
  'node/machine/give-back-memory.ts': 'a flag of Node',
  'node/machine/origin.ts': 'flags of Git',
  'onnx/other-formats.ts': 'flags of Python programs',
};

/** Texts of help and docs, which are about the command line. */
const HELP = new Set(['help', 'defaultText', 'documentation']);

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?<!\.test)\.tsx?$/.test(file) && !MAY_NAME_FLAGS.test(file))
  .map((file) => ({
    file,
    source: ts.createSourceFile(file, readFileSync(`${SOURCES}${file}`, 'utf8'), ts.ScriptTarget.Latest, true),
  }));

function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

const isText = (node: ts.Node): node is ts.LiteralLikeNode =>
  ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isRegularExpressionLiteral(node);

const isHelp = (node: ts.Node): boolean =>
  node.parent !== undefined &&
  ((ts.isPropertyAssignment(node) && HELP.has(node.name.getText())) || isHelp(node.parent));

const isInFunction = (node: ts.Node): boolean =>
  node.parent !== undefined && (ts.isFunctionLike(node) || isInFunction(node.parent));

describe('options in messages', () => {
  it('are flags on the command line alone', () => {
    const named = files
      .filter(({ file }) => EXCEPTIONS[file] === undefined)
      .flatMap(({ file, source }) =>
        [...nodesOf(source)]
          .filter((node) => isText(node) && flagsIn(node.text).length > 0 && !isHelp(node))
          .map((node) => `${file}: ${node.getText()}`),
      );
    expect(named).toEqual([]);
  });

  it('are put into words when a message is made, and some command has them', () => {
    const known = new Set(COMMANDS.flatMap((command) => [...flagsOf(command)]));
    for (const { file, source } of files)
      for (const node of nodesOf(source)) {
        if (!ts.isCallExpression(node) || node.expression.getText() !== 'optionWords') continue;
        expect(isInFunction(node), `${file}: ${node.getText()}`).toBe(true);
        const [name] = node.arguments;
        if (ts.isStringLiteral(name)) expect(known, `${file}: ${node.getText()}`).toContain(name.text);
      }
  });
});
