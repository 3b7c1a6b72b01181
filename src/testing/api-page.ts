import { join, relative } from 'node:path';
import ts from 'typescript';
import { type Compiled, CORE, INDEX, library, ROOT, WEB } from './library-program.ts';

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
  const { node: onNode, web: onWeb } = library();
  const core = exportsOf(onNode, CORE);
  const ownOf = (all: readonly Exported[]): Exported[] =>
    all.filter(({ name, file }) => !core.some((known) => known.name === name && known.file === file));
  const node = ownOf(exportsOf(onNode, INDEX));
  const web = ownOf(exportsOf(onWeb, WEB));
  return `${[
    '# The library',
    'Made from the comments at the sources by `npx vitest run dist/testing/api-page -u`. ' +
      'Options are those of the commands, under the names of the flags ([evaluate](evaluate-options.md), ' +
      '[the others](command-options.md)).',
    '## `gimbal`, on Node',
    ...part(node),
    '## `gimbal/web`, in a browser',
    'A module for pages, with its workers and WebAssembly beside it: a page loads it as it is, from its own host, ' +
      'and bundlers find it as `gimbal/web`. Types come with it. Everything is computed in the browser; where the ' +
      'page is cross-origin isolated, workers share memory.',
    WEB_EXAMPLE,
    ...part(web),
    '## `gimbal/core`, on any platform',
    'All of it is exported by `gimbal` and `gimbal/web` as well.',
    ...part(core),
  ].join('\n\n')}\n`;
}

/** A test runs it as it stands in the page. */
const WEB_EXAMPLE = `\`\`\`html
<script type="module">
  import { evaluate } from './node_modules/gimbal/dist/page/gimbal-web.js';

  const shape = { channels: 1, height: 28, width: 28 };
  const images = [new Float32Array(28 * 28)]; // pixels in [0, 1], row by row
  const data = { images, labels: [0], shape };
  const { attacks } = await evaluate({ model: 'model.onnx', data, attacks: ['natural', 'grid'] });
  document.title = \`\${100 * attacks.grid.accuracy} % withstand every rotation and shift of the grid\`;
</script>
\`\`\``;

/** What a module of a compilation exports, by name. */
function exportsOf({ program, checker }: Compiled, path: string): Exported[] {
  return checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)!)!)
    .map((symbol) => describe(symbol, checker))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
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
export const API_PAGE = join(ROOT, 'docs', 'api.md');
