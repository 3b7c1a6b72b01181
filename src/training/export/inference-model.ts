import type { GeometryOptions } from '../../data/geometry.ts';
import { sizeHint } from '../../model/sidecar.ts';
import type { ImageShape } from '../../image/image.ts';
import type { Model } from '../../onnx/graph.ts';
import { paperTranslation } from '../../sets/box.ts';
import type { NetworkState, Trainable } from '../network/trainable.ts';
import { objectiveNamed } from '../objectives/registry.ts';
import type { Hyperparameters, TrainingSettings } from '../recipes/recipe.ts';
import type { EpochMetrics } from '../run/metrics.ts';
import { modelOf } from '../step/session.ts';
import { inHalfPrecision } from './half-precision.ts';

/** Metadata of models that Gimbal trained, which hold for these weights alone. */
export const METADATA = {
  recipe: 'gimbal.recipe',
  settings: 'gimbal.settings',
  /** Name of the training data. */
  data: 'gimbal.data',
  /** Of the training data. */
  fingerprint: 'gimbal.data-fingerprint',
  /** Positions in the training data that were kept apart. */
  heldOut: 'gimbal.held-out',
  /** What the model withstands, in words. */
  limits: 'gimbal.limits',
  results: 'gimbal.results',
} as const;

export interface Provenance {
  readonly recipe: string;
  readonly settings: Hyperparameters;
  /** Name of the training data. */
  readonly data: string;
  /** That of its images and labels. */
  readonly fingerprint?: string;
  /** Positions in the data set that were kept apart. */
  readonly heldOut?: readonly number[];
  readonly classNames?: readonly string[];
  readonly metrics: readonly EpochMetrics[];
  /** How image files were brought to size, which evaluating does as well unless told otherwise. */
  readonly geometry?: GeometryOptions;
}

/**
 * The trained network as a plain ONNX model: `input` [batch, channels, height, width], raw pixels in [0, 1], to
 * `logits` [batch, classes]; normalisation inside, norms folded, batch free. What it is and where its limits lie goes
 * into the metadata.
 */
export function inferenceModel(network: Trainable, state: NetworkState, provenance: Provenance): Model {
  const { recipe, settings, data, classNames, metrics, geometry: { resize, crop } = {} } = provenance;
  const metadata = new Map<string, string>([
    [METADATA.recipe, recipe],
    [METADATA.settings, JSON.stringify(settings)],
    [METADATA.data, data],
    ...trainedOnMetadata(provenance),
    [METADATA.limits, limitsOf(network.shape, settings)],
    [METADATA.results, JSON.stringify(resultsOf(metrics.at(-1)))],
  ]);
  if (classNames !== undefined) metadata.set('gimbal.classes', JSON.stringify(classNames));
  const hints = {
    ...(resize === undefined ? {} : { resize: sizeHint(resize) }),
    ...(crop === undefined ? {} : { crop }),
  };
  if (Object.keys(hints).length > 0) metadata.set('gimbal', JSON.stringify(hints));
  const graph = network.inferenceGraph(state);
  return modelOf(settings.storage === 'float16' ? inHalfPrecision(graph) : graph, metadata);
}

/** What a model tells of the images that it was trained on. */
export function trainedOnMetadata({
  fingerprint,
  heldOut = [],
}: Pick<Provenance, 'fingerprint' | 'heldOut'>): (readonly [string, string])[] {
  return [
    ...(fingerprint === undefined ? [] : [[METADATA.fingerprint, fingerprint] as const]),
    ...(heldOut.length === 0 ? [] : [[METADATA.heldOut, JSON.stringify(heldOut)] as const]),
  ];
}

/** What was measured at the end, without timings, so that equal runs give equal files. */
function resultsOf(last: EpochMetrics | undefined): object | null {
  if (last === undefined) return null;
  const { epoch, loss, natural, worstOf10, heldOut } = last;
  return { epoch, loss, natural, worstOf10, heldOut };
}

/** What weights trained in this way are good for, in words. */
export function limitsOf(shape: ImageShape, settings: TrainingSettings): string {
  const { objective, rotation, translation, epsilon, interpolation } = settings;
  switch (objectiveNamed(objective).against) {
    case 'nothing':
      return 'trained without transformations: expect it to fail under small rotations and shifts';
    case 'pixel noise':
      return `trained against pixel noise up to ${epsilon.toFixed(4)}: no claim under rotations and shifts`;
    case 'transformations':
      return (
        `trained against rotations up to ${rotation}° and shifts up to ${translation} px of ` +
        `${shape.width}×${shape.height} images${interpolation === 'nearest' ? ', by nearest sampling' : ''} ` +
        `(the paper's are 30° and ${paperTranslation(shape)} px); no claim beyond, nor under pixel noise`
      );
  }
}
