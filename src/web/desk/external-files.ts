import { misuse } from '../../errors/error.ts';
import type { ExternalData } from '../../onnx/external-data.ts';

/**
 * Weights out of the files that came with a model. A page sees names alone, no folders, so a path counts by its last
 * part.
 */
export function externalFiles(files: ReadonlyMap<string, Uint8Array> = new Map()): ExternalData {
  return ({ location, offset, length, subject }) => {
    const bytes = files.get(location.split(/[/\\]/).at(-1) ?? '');
    if (bytes === undefined)
      throw misuse({
        code: 'external-data',
        subject,
        problem: `its numbers are kept outside the model, in '${location}', which did not come with it.`,
        advice: 'Drop that file together with the model, or save the model as one file.',
      });
    if (offset + length > bytes.length)
      throw misuse({
        code: 'external-data',
        subject,
        problem:
          `its numbers are bytes ${offset} to ${offset + length} of '${location}', ` +
          `which has only ${bytes.length}.`,
        advice: 'The file is cut or belongs to another model: export or download it again.',
      });
    return bytes.slice(offset, offset + length);
  };
}
