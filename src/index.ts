/**
 * Gimbal as a library on Node. Functions such as `evaluate`, `harden` and `reproduce` do what the commands of these
 * names do; the rest are their parts, which `gimbal/core` has for any platform.
 * @module
 */
export { evaluate } from './node/library/evaluate.ts';
export { certify } from './node/library/certify.ts';
export { difference } from './node/library/difference.ts';
export { harden } from './node/library/harden.ts';
export { train } from './node/library/train.ts';
export { compare } from './node/library/compare.ts';
export { exportModel } from './node/library/export-model.ts';
export { inspect } from './node/library/inspect.ts';
export { merge } from './node/library/merge.ts';
export { reproduce } from './node/library/reproduce.ts';
export { nodePlatform } from './node/platform.ts';
export { openSource, type OpenOptions } from './node/data/open.ts';
export { openClassifier } from './node/runtime/open.ts';
export { shippedModels } from './node/runtime/shipped-models.ts';
export * from './core.ts';
