import { misuse } from '../errors/error.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { codeOf } from '../onnx/element-type.ts';
import type { Model } from '../onnx/graph.ts';
import { inline } from '../onnx/inline.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import type { ModelDescription } from './description.ts';
import { defaultPreprocessing, type Preprocessing } from './preprocessing.ts';
import { writePreprocessing } from './preprocessing-graph.ts';
import { hintsAsWritten } from './sidecar.ts';

/** Metadata of a classifier into which its preprocessing was built. */
export const PREPROCESSING_METADATA = 'gimbal.preprocessing';

/** Whether a model takes raw pixels in [0, 1] as N×C×H×W already. */
export function takesRawPixels({ input }: ModelDescription, preprocessing: Preprocessing): boolean {
  const { channels, height, width } = input.shape;
  const plain = defaultPreprocessing({ ...input, type: 'float32' });
  return (
    input.type === 'float32' &&
    input.dims.join() === [channels, height, width].join() &&
    (input.layout === 'nchw' || channels === 1) &&
    JSON.stringify(Object.entries(preprocessing).sort()) === JSON.stringify(Object.entries(plain).sort())
  );
}

/**
 * The classifier of raw pixels in [0, 1], N×C×H×W, with what lies between these and the model's input built into its
 * graph.
 *
 * @param subject how messages name the model
 * @returns a model of one input, of the same name, and the one output that is described
 * @throws misuse `not-exportable` where the model has several inputs or takes one image without a batch
 */
export function withPreprocessing(
  model: Model,
  { input, output }: ModelDescription,
  preprocessing: Preprocessing,
  subject: string,
): { readonly model: Model; readonly description: ModelDescription } {
  const upgraded = toWorkingOpset(model);
  const [fed, ...others] = upgraded.graph.inputs;
  if (others.length > 0 || input.unbatched) {
    throw misuse({
      code: 'not-exportable',
      subject,
      problem: others.length > 0 ? `it has ${others.length + 1} inputs.` : 'its input has no dimension for a batch.',
      advice: 'Preprocessing can be built into models of one input with a batch.',
    });
  }
  const graph = pruneGraph(upgraded.graph, [output.name]);
  const { channels, height, width } = input.shape;
  const batch = input.batch === 'free' ? 'batch' : input.batch;
  const b = new GraphBuilder(`${graph.name}-raw`);
  const raw = b.input(fed.name, 'float32', [batch, channels, height, width]);
  const values = writePreprocessing(b, raw, input, preprocessing);
  const cast = input.type === 'float32' ? values : b.op('Cast', [values], { to: codeOf(input.type) });
  const [scores] = inline(b, graph, 'model/', { [fed.name]: cast });
  const declared = graph.outputs.find(({ name }) => name === output.name);
  b.outputAs(output.name, scores, declared?.type ?? 'float32', declared?.shape ?? [batch, output.width ?? 'classes']);
  const dims = [channels, height, width];
  return {
    model: {
      ...upgraded,
      graph: b.build(),
      metadata: new Map([...rawMetadata(model.metadata), [PREPROCESSING_METADATA, JSON.stringify(preprocessing)]]),
    },
    description: { input: { ...input, type: 'float32', layout: 'nchw', dims }, output },
  };
}

/** Keys of the hints that speak of what is built in now. */
const BUILT_IN = ['layout', 'size', 'scale', 'mean', 'std', 'per-image-standardization', 'bgr'];

/** The metadata without what it says of preprocessing, which would be done twice. */
export function rawMetadata(metadata: ReadonlyMap<string, string>): Map<string, string> {
  const kept = new Map([...metadata].filter(([key]) => !key.startsWith('Image.')));
  if (!kept.has('gimbal')) return kept;
  const entries = Object.entries(hintsAsWritten(kept)).filter(([key]) => !BUILT_IN.includes(key));
  return kept.set('gimbal', JSON.stringify(Object.fromEntries(entries)));
}
