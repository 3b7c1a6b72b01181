import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const INDEX = join(ROOT, 'src', 'index.ts');
const CORE = join(ROOT, 'src', 'core.ts');

/** Something that the package exports. */
interface Exported {
  readonly name: string;
  readonly kind: 'function' | 'constant' | 'class' | 'type';
  /** Of a function: `evaluate(request: EvaluateRequest): Promise<EvaluationResult>`. */
  readonly signature: string | undefined;
  /** What its comment says, without tags. */
  readonly says: string;
  /** From the root of the repository, with `/`. */
  readonly file: string;
}

/** A page of all that the library exports, by the comments at the sources. */
export function apiPage(): string {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const program = ts.createProgram([INDEX, CORE], { ...options, noEmit: true, composite: false, incremental: false });
  const checker = program.getTypeChecker();
  const exportsOf = (path: string): Exported[] =>
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)!)!)
      .map((symbol) => describe(symbol, checker))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const core = exportsOf(CORE);
  const node = exportsOf(INDEX).filter(({ name }) => !core.some((known) => known.name === name));
  return `${[
    '# The library',
    'Made from the comments at the sources by `npx vitest run dist/testing/api-page -u`. ' +
      'Options are those of the commands, under the names of the flags ([evaluate](evaluate-options.md), [the others](command-options.md)).',
    '## `gimbal`, on Node',
    ...part(node),
    '## `gimbal/core`, on any platform',
    'All of it is exported by `gimbal` as well.',
    ...part(core),
  ].join('\n\n')}\n`;
}

function describe(symbol: ts.Symbol, checker: ts.TypeChecker): Exported {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const [declaration] = target.declarations!;
  const signature = ts.isFunctionDeclaration(declaration)
    ? declaration
        .getText()
        .replace(/^export (async )?function \w+/, symbol.name)
        .split(/ \{\n| \{$/)[0]
        .replace(/\s*\n\s*/g, ' ')
        .replace(/\( /g, '(')
        .replace(/,? \)/g, ')')
    : undefined;
  return {
    name: symbol.name,
    kind: signature === undefined ? kindOf(target) : 'function',
    signature,
    says: ts
      .displayPartsToString(target.getDocumentationComment(checker))
      .split('\n\n')[0]
      .replace(/\s*\n\s*/g, ' '),
    file: relative(ROOT, declaration.getSourceFile().fileName).replaceAll('\\', '/'),
  };
}

function kindOf({ flags }: ts.Symbol): Exported['kind'] {
  if (flags & ts.SymbolFlags.Class) return 'class';
  return flags & ts.SymbolFlags.Variable ? 'constant' : 'type';
}

/** Functions and constants each with what they say, types as a table. */
function part(exported: readonly Exported[]): string[] {
  const values = exported.filter(({ kind }) => kind !== 'type');
  const types = exported.filter(({ kind }) => kind === 'type');
  const link = ({ name, file }: Exported): string => `[\`${name}\`](../${file})`;
  return [
    ...values.map((one) => {
      const lines = [`- ${link(one)}`, one.says === '' ? '' : `: ${one.says}`];
      return `${lines.join('')}${one.signature === undefined ? '' : `\n\n  \`\`\`ts\n  ${one.signature}\n  \`\`\``}`;
    }),
    types.length === 0
      ? ''
      : ['| type | what it is |', '|---|---|', ...types.map((one) => `| ${link(one)} | ${cell(one.says)} |`)].join(
          '\n',
        ),
  ].filter((text) => text !== '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** Where the page is kept, from a compiled test. */
export const API_PAGE = join(dirname(INDEX), '..', 'docs', 'api.md');
