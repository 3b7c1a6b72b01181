import { existsSync, readFileSync, statSync, writeFileSync, cpSync, mkdirSync, readdirSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/*
 * The page that `gimbal view` opens: Vite bundles src/page and what it uses of the core into dist/page, which any
 * static host can serve. `tools/build.js` calls it after each build; it works where a bundled file has changed.
 */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = join(ROOT, 'src', 'page');
const OUTPUT = join(ROOT, 'dist', 'page');
/** What was bundled, file by file, with a digest of their state. */
const STAMP = join(ROOT, 'dist', '.page');

/** The entry `gimbal/web` of the library, beside the page: they share workers and WebAssembly. */
const LIBRARY = 'gimbal-web';

/** Models that a static host offers. `gimbal view` offers all that come with the package. */
const MODELS = ['mnist-standard', 'mnist-w10-30', 'cifar10-standard', 'cifar10-robust-small'];

const ABOUT = {
  'mnist-standard': 'digits, trained as usual',
  'mnist-w10-30': 'digits, trained against rotations and shifts',
  'cifar10-standard': 'small photographs, trained as usual',
  'cifar10-robust-small': 'small photographs, trained against rotations and shifts',
};

/** Bundles the page where that is needed. @throws what Vite finds wrong */
export async function buildPage() {
  if (isUpToDate()) return;
  const { build } = await import('vite');
  const bundled = new Set();
  const packages = new Set();
  await build(configuration(bundled, packages));
  writeFileSync(join(OUTPUT, 'licenses.md'), licenses(packages));
  cpSync(join(SOURCE, 'pictures'), join(OUTPUT, 'pictures'), { recursive: true });
  mkdirSync(join(OUTPUT, 'models'));
  for (const name of MODELS) cpSync(join(ROOT, 'models', `${name}.onnx`), join(OUTPUT, 'models', `${name}.onnx`));
  writeFileSync(join(OUTPUT, 'catalogue.json'), `${JSON.stringify(catalogue(), undefined, 1)}\n`);
  const files = [...bundled, ...extraFiles()].sort();
  writeFileSync(STAMP, JSON.stringify({ state: stateOf(files), files }));
}

/** @param bundled takes the sources that are bundled, `packages` the folders of packages, those of workers too */
function configuration(bundled, packages) {
  const remember = {
    name: 'remember-sources',
    moduleParsed: ({ id }) => {
      const path = relative(ROOT, id.replace(/\?.*$/, ''));
      if (path.startsWith(`src${sep}`)) bundled.add(path);
      const [folder] = /^node_modules[/\\](@[^/\\]+[/\\])?[^/\\]+/.exec(path) ?? [];
      if (folder !== undefined) packages.add(folder);
    },
  };
  const colours = {
    name: 'colours-of-the-report',
    resolveId: (id) => (id === 'virtual:colours.css' ? '\0colours.css' : undefined),
    async load(id) {
      if (id !== '\0colours.css') return undefined;
      const { COLOUR_VARIABLES } = await import(pathToFileURL(join(ROOT, 'dist', 'report', 'colours.js')).href);
      return COLOUR_VARIABLES;
    },
  };
  return {
    configFile: false,
    root: SOURCE,
    base: './',
    logLevel: 'error',
    plugins: [remember, colours],
    define: { GIMBAL_VERSION: JSON.stringify(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version) },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    // Each worker is one file: a bundler that takes `gimbal/web` copies it as it is.
    worker: { format: 'es', plugins: () => [remember], rolldownOptions: { output: { codeSplitting: false } } },
    build: {
      outDir: OUTPUT,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 4000,
      reportCompressedSize: false,
      rolldownOptions: {
        input: { index: join(SOURCE, 'index.html'), [LIBRARY]: join(ROOT, 'src', 'web', 'index.ts') },
        preserveEntrySignatures: 'exports-only',
        output: { entryFileNames: ({ name }) => (name === LIBRARY ? `${LIBRARY}.js` : 'assets/[name]-[hash].js') },
      },
    },
  };
}

/** What a static host offers: a page of digits, with a standard and a robust classifier of them. */
function catalogue() {
  return {
    models: MODELS.map((name) => ({ name, url: `models/${name}.onnx`, about: ABOUT[name] })),
    shown: ['mnist-standard', 'mnist-w10-30'],
    pictures: readdirSync(join(SOURCE, 'pictures'))
      .sort()
      .map((file) => ({
        name: file.replace(/\.png$/, ''),
        url: `pictures/${file}`,
        class: /-([a-z0-9]+)\.png$/.exec(file)[1],
      })),
  };
}

/** The licences of what the page holds of others, as these ask for. */
function licenses(packages) {
  const sections = [...packages].sort().map((folder) => {
    const { name, version, license, author } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(ROOT, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? (author?.name ?? '') : readFileSync(join(ROOT, folder, file), 'utf8').trim();
    return `## ${name} ${version} (${license})\n\n${text}\n`;
  });
  return `# Licences of what this page holds of others\n\n${sections.join('\n')}`;
}

function extraFiles() {
  const own = readdirSync(SOURCE, { recursive: true })
    .filter((name) => /\.(css|html|png)$/.test(name))
    .map((name) => join('src', 'page', name));
  return [...own, 'src/report/colours.ts', 'tools/page/build.js', 'package-lock.json'];
}

function isUpToDate() {
  if (!existsSync(STAMP) || !existsSync(join(OUTPUT, 'index.html'))) return false;
  const { state, files } = JSON.parse(readFileSync(STAMP, 'utf8'));
  const gone = files.some((file) => !existsSync(join(ROOT, file)));
  if (gone) return false;
  const all = [...new Set([...files, ...extraFiles()])].sort();
  return all.length === files.length && stateOf(files) === state;
}

function stateOf(files) {
  const state = files.map((file) => `${file} ${statSync(join(ROOT, file)).mtimeMs}`).join('\n');
  return createHash('sha256').update(state).digest('hex');
}
