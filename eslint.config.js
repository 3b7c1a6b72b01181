import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

/**
 * The layers: each folder of src/ with the folders that it may import from. Imports run one way, downwards.
 * Folders of the core know neither Node nor the browser; those in EDGE may.
 */
const LAYERS = {
  errors: [],
  digest: [],
  float16: [],
  notation: [],
  json: ['errors', 'digest'],
  ports: ['errors', 'json'],
  quantities: [],
  random: [],
  image: [],
  statistics: [],
  transform: ['errors', 'image'],
  sets: ['errors', 'random', 'image', 'transform'],
  settings: ['notation', 'errors', 'json', 'quantities', 'image', 'sets'],
  onnx: ['notation', 'errors', 'float16', 'runtime'],
  gradients: ['errors', 'onnx'],
  runtime: ['errors'],
  data: ['errors', 'digest', 'float16', 'json', 'random', 'image'],
  sources: ['errors', 'digest', 'json', 'ports', 'image', 'data'],
  model: ['errors', 'json', 'float16', 'image', 'statistics', 'transform', 'onnx', 'gradients', 'runtime'],
  workers: ['errors', 'image', 'transform', 'model', 'runtime', 'ports'],
  attacks: [
    'notation',
    'errors',
    'quantities',
    'random',
    'image',
    'statistics',
    'transform',
    'sets',
    'settings',
    'model',
  ],
  evaluation: [
    'notation',
    'errors',
    'json',
    'ports',
    'random',
    'image',
    'statistics',
    'transform',
    'sets',
    'data',
    'model',
    'attacks',
  ],
  training: [
    'notation',
    'errors',
    'digest',
    'json',
    'ports',
    'quantities',
    'random',
    'float16',
    'image',
    'statistics',
    'transform',
    'sets',
    'onnx',
    'gradients',
    'runtime',
    'data',
    'model',
    'attacks',
    'evaluation',
  ],
  studies: ['evaluation'],
  figures: ['notation', 'errors', 'image', 'statistics', 'transform', 'sets', 'evaluation'],
  report: [
    'notation',
    'errors',
    'image',
    'statistics',
    'transform',
    'sets',
    'data',
    'attacks',
    'evaluation',
    'studies',
    'figures',
  ],
  options: [
    'notation',
    'errors',
    'json',
    'quantities',
    'image',
    'transform',
    'sets',
    'settings',
    'data',
    'runtime',
    'model',
    'attacks',
    'evaluation',
  ],
};
/** The same for the folders inside src/training/. */
const TRAINING = {
  batches: [],
  schedules: [],
  lowering: [],
  network: ['batches'],
  architectures: ['network'],
  step: ['network', 'lowering'],
  optimizers: ['network'],
  objectives: ['batches', 'step'],
  recipes: ['architectures', 'schedules', 'step', 'objectives'],
  device: ['network', 'step', 'optimizers', 'objectives'],
  run: ['batches', 'schedules', 'network', 'architectures', 'recipes', 'step', 'optimizers', 'objectives', 'device'],
  export: ['network', 'objectives', 'recipes', 'step', 'run'],
  hardening: ['recipes'],
};
LAYERS.applications = Object.keys(LAYERS);
const CORE = Object.keys(LAYERS);
const EDGE = ['node', 'cli', 'bench', 'web', 'page'];
const PLATFORM = [
  ...[
    'node:*',
    'onnxruntime-node',
    'onnxruntime-web',
    'onnxruntime-web/*',
    'sharp',
    'tar-stream',
    'commander',
    'vitest',
  ],
  ...['preact', 'preact/*'],
];

/** It reports to its vendor unless it is loaded by the module that ends that. */
const LOADED_ONCE = {
  regex: '^onnxruntime-node$',
  message: 'Only src/node/runtime/onnxruntime.ts loads it: it switches telemetry off first.',
};

const EDGE_ONLY = 'The core knows neither Node nor the browser: hand it in from the edge.';
/** Names of Node and the browser. The compiler does not know them in the core either; here they get a reason. */
const GLOBALS = [
  ...['process', 'Buffer', 'global', '__dirname', '__filename', 'require', 'console', 'fetch', 'navigator'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'queueMicrotask', 'Worker'],
  ...[
    'window',
    'document',
    'self',
    'location',
    'localStorage',
    'indexedDB',
    'URL',
    'Blob',
    'OffscreenCanvas',
    'performance',
  ],
];

/** Time is told by the port `Clock`; a date that is given may be read. */
const NOW = ["CallExpression[callee.object.name='Date']", "NewExpression[callee.name='Date'][arguments.length=0]"];

/** An argument list holds some 120,000 values; what grows with data, classes or graphs is walked. */
const SPREADS = [
  "CallExpression[callee.object.name='Math'] > SpreadElement",
  'CallExpression[callee.property.name=/^(push|unshift|splice|fromCodePoint)$/] > SpreadElement',
].map((selector) => ({
  selector,
  message: 'A RangeError once the list is long: use largestOf or leastOf (src/statistics/extremes.ts), or a loop.',
}));

/** A pattern that refuses the imports which `layers` does not list for `layer`. */
function refusal(layers, layer, all, folder) {
  const forbidden = all.filter((other) => other !== layer && !layers[layer].includes(other));
  return {
    group: forbidden.map((other) => `**/${other}/**`),
    message: `${folder}/${layer} may import from: ${layers[layer].join(', ') || 'nothing'}.`,
  };
}

function coreRule(files, patterns) {
  return {
    files: [`${files}/**/*.ts`],
    ignores: ['src/**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...patterns,
            { regex: `^(${builtinModules.join('|')})$`, message: EDGE_ONLY },
            { group: PLATFORM, message: EDGE_ONLY },
          ],
        },
      ],
      'no-restricted-globals': ['error', ...GLOBALS.map((name) => ({ name, message: EDGE_ONLY }))],
      'no-restricted-syntax': ['error', ...SPREADS, ...NOW.map((selector) => ({ selector, message: EDGE_ONLY }))],
    },
  };
}

const layerRules = CORE.map((layer) => coreRule(`src/${layer}`, [refusal(LAYERS, layer, [...CORE, ...EDGE], 'src')]));
// For these files they take the place of the rule for src/training, and so repeat its pattern.
const trainingRules = Object.keys(TRAINING).map((layer) =>
  coreRule(`src/training/${layer}`, [
    refusal(LAYERS, 'training', [...CORE, ...EDGE], 'src'),
    refusal(TRAINING, layer, Object.keys(TRAINING), 'src/training'),
  ]),
);

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'src/onnx/generated/'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    // Prettier breaks code; comments it leaves as they are. Strings are broken where that reads better.
    ignores: ['src/onnx/generated/**'],
    rules: {
      'max-len': ['error', { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true }],
    },
  },
  {
    // Drawings and files in base64.
    files: ['tools/**', 'src/testing/library-files.ts', 'src/sources/numpy-files.test.ts'],
    rules: { 'max-len': ['error', { code: 120, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true }] },
  },
  { rules: { 'no-restricted-imports': ['error', { patterns: [LOADED_ONCE] }] } },
  {
    // For files of the core the rule of their folder takes its place, and repeats it.
    files: ['src/**/*.ts'],
    ignores: ['src/**/*.test.ts', 'src/testing/**'],
    rules: {
      'no-restricted-syntax': ['error', ...SPREADS],
    },
  },
  {
    files: ['src/node/**/*.ts'],
    ignores: ['src/**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/cli/**', '**/bench/**', '**/web/**', '**/src/page/**'],
              message: 'src/node serves the command line, not the reverse.',
            },
            LOADED_ONCE,
          ],
        },
      ],
    },
  },
  {
    // What runs in a browser stands on the core alone, and the page on that.
    files: ['src/web/**/*.ts', 'src/page/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/node/**', '**/cli/**', '**/bench/**', 'node:*'], message: 'A browser has none of it.' },
            { regex: '^onnxruntime-web$', message: 'Only src/web/onnxruntime.ts loads it, by its entry /wasm.' },
            LOADED_ONCE,
          ],
        },
      ],
    },
  },
  { files: ['src/node/runtime/onnxruntime.ts'], rules: { 'no-restricted-imports': 'off' } },
  ...layerRules,
  ...trainingRules,
);
