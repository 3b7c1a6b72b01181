import type { Classifier } from '../../model/classifier.ts';
import type { ModelHints } from '../../model/sidecar.ts';
import type { StartOptions } from '../../workers/start-classifier.ts';
import { prepareFile } from '../desk/prepare-file.ts';
import { locateWasm } from '../onnxruntime.ts';
import { startClassifier } from '../start-classifier.ts';
import { WASM } from '../wasm-files.ts';
import { type GivenModel, modelFiles } from './given-model.ts';

/** Reads a model and starts it on Web Workers, or on a GPU (`device: 'webgpu'`). Close it when done. */
export async function openClassifier({
  model,
  hints,
  ...options
}: { readonly model: GivenModel; readonly hints?: ModelHints } & StartOptions): Promise<Classifier> {
  locateWasm(WASM);
  return startClassifier(await prepareFile(await modelFiles(model), hints), WASM, options);
}
