import type { ClassList } from '../../data/class-list.ts';
import { parseClassNames } from '../../data/class-list.ts';
import type { ClassAnswers, ModelClasses } from '../../evaluation/fit-classes.ts';
import { classListOf } from '../../evaluation/model-class-names.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { readText } from '../../ports/read-text.ts';
import type { Files } from '../../ports/files.ts';
import { optionWords } from '../../errors/option-words.ts';

/** What `--class-names` says: that names are numbers, or the names in a file (`./numbers` for a file of that name). */
async function readClassNames(files: Files, given: string | undefined): Promise<ClassList | 'numbers' | undefined> {
  if (given === undefined || given === 'numbers') return given;
  return { names: parseClassNames(await readText(files, given), given), from: optionWords('class-names', given) };
}

/** What options say of the classes. */
export async function classAnswers(
  files: Files,
  options: {
    readonly classNames?: string;
    readonly firstLabel?: number;
    readonly classesDiffer?: 'ask' | 'keep';
  },
): Promise<ClassAnswers> {
  const { classNames, firstLabel, classesDiffer } = options;
  return { classNames: await readClassNames(files, classNames), firstLabel, keep: classesDiffer === 'keep' };
}

/** The names of all classes, where options list them. */
export function knownClasses({ classNames }: ClassAnswers): readonly string[] | undefined {
  return typeof classNames === 'object' ? classNames.names : undefined;
}

/** What a model says of its classes: its sidecar file before its metadata. */
export function classesOfModel({ description, hints, model }: PreparedModel, name: string): ModelClasses {
  const { width, labelOffset } = description.output;
  return {
    name,
    outputs: width,
    labelOffset,
    offsetGiven: hints.labelOffset !== undefined,
    list:
      hints.classNames === undefined
        ? classListOf(model.metadata)
        : { names: hints.classNames, from: `the "class-names" given with ${name}` },
  };
}
