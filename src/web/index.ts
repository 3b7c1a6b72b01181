/**
 * Gimbal as a library in browsers: `evaluate` and `openClassifier` over onnxruntime-web, and all of `gimbal/core`. One
 * module with its workers and WebAssembly beside it, which a page loads as it is or through a bundler.
 * @module
 */
import './no-eval.ts';

export { evaluate, type WebEvaluateRequest } from './library/evaluate.ts';
export { openClassifier } from './library/open-classifier.ts';
export { readPicture } from './library/read-picture.ts';
export { webPlatform, type WebContents } from './library/platform.ts';
export { type GivenData } from './library/given-data.ts';
export { type GivenModel } from './library/given-model.ts';
export { type ModelFiles } from './desk/messages.ts';
export { type WasmFiles } from './onnxruntime.ts';
export * from '../core.ts';
