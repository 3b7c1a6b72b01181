import { hintsAsWritten, type ModelHints, sizeHint } from '../../model/sidecar.ts';
import type { Model } from '../../onnx/graph.ts';

/** Hints that evaluating the file will want, which lay beside the model or stood in flags. */
export function withHints(model: Model, { labelOffset, resize, crop, classNames }: ModelHints): Model {
  const hints = {
    ...hintsAsWritten(model.metadata),
    ...(labelOffset === undefined ? {} : { 'label-offset': labelOffset }),
    ...(resize === undefined ? {} : { resize: sizeHint(resize) }),
    ...(crop === undefined ? {} : { crop: sizeHint(crop) }),
    ...(classNames === undefined ? {} : { 'class-names': classNames }),
  };
  if (Object.keys(hints).length === 0) return model;
  return { ...model, metadata: new Map([...model.metadata, ['gimbal', JSON.stringify(hints)]]) };
}
