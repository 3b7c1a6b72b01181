import { classListOf } from '../../evaluation/model-class-names.ts';
import { assumptionsOf } from '../../model/assumptions.ts';
import { classesOf } from '../../model/engine.ts';
import { namingFile } from '../../model/naming-file.ts';
import { prepareModel, readToRun } from '../../model/prepare.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { mergeHints, parseSidecar, type ModelHints } from '../../model/sidecar.ts';
import { webRuntime } from '../runtime.ts';
import { externalFiles } from './external-files.ts';
import type { ModelFacts, ModelFiles } from './messages.ts';

/**
 * Reads a model and tries it, as `gimbal evaluate` does.
 * @param hints what the user says about it; overrides the sidecar file, which overrides the model's metadata
 * @throws misuse where it is no image classifier, or leaves something open
 */
export function prepareFile(
  { name, bytes, sidecar, beside }: ModelFiles,
  hints: ModelHints | undefined,
): Promise<PreparedModel> {
  return namingFile(name, () => {
    const said = sidecar === undefined ? {} : parseSidecar(sidecar.text, sidecar.name);
    return prepareModel(webRuntime, readToRun(bytes, externalFiles(beside)), mergeHints(said, hints ?? {}));
  });
}

export function factsOf(prepared: PreparedModel): ModelFacts {
  const { description, hints, model, notes, warnings } = prepared;
  const classes = classesOf(description);
  const { labelOffset, width } = description.output;
  const names = hints.classNames ?? classListOf(model.metadata)?.names;
  const fitting = names?.length === width ? names.slice(labelOffset) : names?.length === classes ? names : undefined;
  return {
    shape: description.input.shape,
    classes,
    ...(fitting === undefined ? {} : { classNames: fitting }),
    assumptions: assumptionsOf(prepared),
    notes,
    warnings,
  };
}
