import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

/**
 * The layers: each folder of src/ with the folders that it may import from. Imports run one way, downwards.
 * Folders of the core know neither Node nor the browser; those in EDGE may.
 */
const LAYERS = {
  errors: [],
  random: [],
  image: [],
  statistics: [],
  transform: ['errors', 'image'],
  sets: ['errors', 'random', 'image', 'transform'],
  onnx: ['errors', 'runtime'],
  gradients: ['errors', 'onnx'],
  runtime: ['errors'],
  data: ['errors', 'random', 'image'],
  model: ['errors', 'image', 'statistics', 'transform', 'onnx', 'gradients', 'runtime'],
  attacks: ['errors', 'random', 'image', 'statistics', 'transform', 'sets', 'model'],
  evaluation: ['errors', 'random', 'image', 'statistics', 'transform', 'sets', 'data', 'model', 'attacks'],
  training: [
    'errors',
    'random',
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
  figures: ['errors', 'image', 'statistics', 'transform', 'sets', 'evaluation'],
  report: ['errors', 'image', 'statistics', 'transform', 'sets', 'data', 'attacks', 'evaluation', 'studies', 'figures'],
  options: ['errors', 'image', 'transform', 'sets', 'runtime', 'model', 'attacks', 'evaluation'],
};
const CORE = Object.keys(LAYERS);
const EDGE = ['node', 'cli'];
const PLATFORM = ['node:*', 'onnxruntime-node', 'onnxruntime-web', 'sharp', 'tar-stream', 'commander', 'vitest'];

/** It reports to its vendor unless it is loaded by the module that ends that. */
const LOADED_ONCE = {
  regex: '^onnxruntime-node$',
  message: 'Only src/node/runtime/onnxruntime.ts loads it: it switches telemetry off first.',
};

const layerRules = CORE.map((layer) => {
  const forbidden = [...CORE, ...EDGE].filter((other) => other !== layer && !LAYERS[layer].includes(other));
  return {
    files: [`src/${layer}/**/*.ts`],
    ignores: ['src/**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: forbidden.map((other) => `**/${other}/**`),
              message: `src/${layer} may import from: ${LAYERS[layer].join(', ') || 'nothing'}.`,
            },
            {
              regex: `^(${builtinModules.join('|')})$`,
              message: 'The core knows neither Node nor the browser: hand it in from the edge.',
            },
            { group: PLATFORM, message: 'The core knows neither Node nor the browser: hand it in from the edge.' },
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'src/onnx/generated/'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { rules: { 'no-restricted-imports': ['error', { patterns: [LOADED_ONCE] }] } },
  {
    files: ['src/node/**/*.ts'],
    ignores: ['src/**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/cli/**'], message: 'src/node serves the command line, not the reverse.' },
            LOADED_ONCE,
          ],
        },
      ],
    },
  },
  { files: ['src/node/runtime/onnxruntime.ts'], rules: { 'no-restricted-imports': 'off' } },
  ...layerRules,
);
