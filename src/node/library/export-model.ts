import { type ExportedModel, exportModelOn, type ExportRequest } from '../../applications/export/export-model.ts';
import { nodePlatform } from '../platform.ts';

/**
 * Writes a classifier with its preprocessing, other classifiers, mirroring or a majority vote built in as one ONNX
 * file: what `gimbal export` does, in a program.
 *
 * ```ts
 * await exportModel({ model: 'runs/digits', vote: 10, out: 'voted.onnx' });
 * ```
 *
 * @throws as `exportModelOn`
 */
export function exportModel(request: ExportRequest): Promise<ExportedModel> {
  return exportModelOn(nodePlatform, request);
}
