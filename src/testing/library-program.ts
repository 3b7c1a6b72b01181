import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type Example, examplesIn } from './doc-examples.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const INDEX = join(ROOT, 'src', 'index.ts');
export const CORE = join(ROOT, 'src', 'core.ts');
export const WEB = join(ROOT, 'src', 'web', 'index.ts');
const BUNDLER = join(ROOT, 'src', 'web', 'assets.d.ts');

/** The library as the compiler sees it, with the examples of its comments. */
export interface Compiled {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly examples: readonly Example[];
}

let compiled: { readonly node: Compiled; readonly web: Compiled } | undefined;

/** Both entries, compiled once for all tests of a file. */
export function library(): { readonly node: Compiled; readonly web: Compiled } {
  return (compiled ??= {
    node: compile(
      [INDEX, CORE],
      'tsconfig.base.json',
      examplesIn(INDEX, (file) => !file.startsWith('src/web/')),
    ),
    web: compile(
      [WEB, BUNDLER],
      'tsconfig.web.json',
      examplesIn(WEB, (file) => file.startsWith('src/web/')),
    ),
  });
}

function compile(roots: readonly string[], project: string, examples: readonly Example[]): Compiled {
  const config = ts.readConfigFile(join(ROOT, project), (path) => ts.sys.readFile(path));
  const { options: given } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const options = {
    ...given,
    noEmit: true,
    emitDeclarationOnly: false,
    composite: false,
    incremental: false,
    // Examples end with what someone goes on with.
    noUnusedLocals: false,
  };
  const host = ts.createCompilerHost(options);
  const texts = new Map(examples.map(({ path, module }) => [path, module]));
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  const program = ts.createProgram([...roots, ...texts.keys()], options, host);
  return { program, checker: program.getTypeChecker(), examples };
}

/** What is wrong with the examples, a line each. */
export function faultyExamples({ program, examples }: Compiled): string[] {
  return examples.flatMap(({ path, from }) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(path))
      .map(({ messageText }) => `${from}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  );
}

/** Messages between the two ends of a worker: whoever starts workers passes them on as they are. */
const OPAQUE = 'src/workers/messages.ts';

/**
 * Types that a module's exports name, at any depth, and that it does not export itself, a line each. A type that the
 * file which has it keeps to itself is reached through the one that names it.
 */
export function unexportedTypes({ program, checker }: Compiled, path: string): string[] {
  const source = program.getSourceFile(path)!;
  const exported = new Set(checker.getExportsOfModule(checker.getSymbolAtLocation(source)!).map(resolved));
  const missing = new Map<ts.Symbol, string>();
  const seen = new Set<ts.Symbol>();

  function resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  function visitSymbol(symbol: ts.Symbol): void {
    if (seen.has(symbol)) return;
    seen.add(symbol);
    for (const declaration of symbol.declarations ?? []) visit(declaration, symbol.name);
  }

  /** Goes through what of a declaration a user sees: types, not bodies. */
  function visit(node: ts.Node, from: string): void {
    if (ts.isBlock(node) || isPrivate(node)) return;
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const symbol = checker.getSymbolAtLocation(ts.isTypeReferenceNode(node) ? node.typeName : node.expression);
      if (symbol !== undefined) name(resolved(symbol), from);
    }
    if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) {
      if (node.type !== undefined) visit(node.type, from);
    } else ts.forEachChild(node, (child) => visit(child, from));
  }

  function name(symbol: ts.Symbol, from: string): void {
    const [declaration] = symbol.declarations ?? [];
    const file = declaration?.getSourceFile();
    if (file === undefined || file.isDeclarationFile || symbol.flags & ts.SymbolFlags.TypeParameter) return;
    const where = relative(ROOT, file.fileName).replaceAll('\\', '/');
    if (where === OPAQUE) return;
    const isOpen = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;
    if (isOpen && !exported.has(symbol)) missing.set(symbol, `${symbol.name} of ${where}, which ${from} names`);
    visitSymbol(symbol);
  }

  exported.forEach(visitSymbol);
  return [...missing.values()];
}

function isPrivate(node: ts.Node): boolean {
  return (
    ts.isClassElement(node) &&
    ((node.name !== undefined && ts.isPrivateIdentifier(node.name)) ||
      (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0)
  );
}
