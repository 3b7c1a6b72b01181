import { z } from 'zod';
import { optionWords } from '../errors/option-words.ts';
import { evaluateSchema } from './evaluate-options.ts';
import { option } from '../settings/option.ts';
import { MOST_VOTES } from '../settings/limits.ts';
import { angle, whole } from '../settings/numbers.ts';
import { translationLimit } from '../settings/transformations.ts';
import { text, texts, toggle } from '../settings/value.ts';

const feeding = evaluateSchema.shape;

/** `gimbal export` */
export const exportSchema = z
  .object({
    model: option(text('the path of an ONNX file or run folder, or the name of a shipped model'), {
      group: 'Model',
      positional: true,
      value: 'MODEL',
      help: 'ONNX classifier, the name of a shipped model, ' + 'or the run folder of gimbal train.',
    }),
    layout: feeding.layout,
    size: feeding.size,
    scale: feeding.scale,
    mean: feeding.mean,
    std: feeding.std,
    perImageStandardization: feeding.perImageStandardization,
    bgr: feeding.bgr,
    output: feeding.output,
    labelOffset: feeding.labelOffset,
    with: option(texts('the path of an ONNX file or run folder, or the name of a shipped model').optional(), {
      group: 'Mean',
      value: 'MODEL',
      repeatable: true,
      help:
        'Answer with the mean of the probabilities of MODEL and of this one; as often as there are more. ' +
        'The options of preprocessing speak of the first MODEL.',
    }),
    mirror: option(toggle().optional(), {
      group: 'Mirror',
      help:
        'Answer with the mean of the scores for an image and its mirror image, left to right; with --vote, ' +
        'for each that votes.',
    }),
    align: option(whole({ from: 3, to: MOST_VOTES }).optional(), {
      group: 'Align',
      value: 'K',
      help:
        'Turn each image by K angles, evenly spaced up to --rotation either way, and answer as to the copy of which ' +
        'the classifier is surest; an odd number.',
      defaultText: 'no copies',
    }),
    vote: option(whole({ from: 2, to: MOST_VOTES }).optional(), {
      group: 'Vote',
      value: 'M',
      help: 'Number of transformations that vote; this, --align, --mirror or --with is needed.',
      defaultText: 'no vote',
    }),
    rotation: option(angle().optional(), {
      group: 'Vote',
      value: 'DEG',
      help: 'Largest rotation either way, in degrees.',
      defaultText: 'a third of what the model was trained with, else 10; with --align 24',
    }),
    translation: option(translationLimit().optional(), {
      group: 'Vote',
      value: '3px|10%',
      help: 'Largest shift along each side, in pixels or percent of the side.',
      defaultText: "a third of what the model was trained with, else of the paper's for the image size",
    }),
    seed: option(whole().default(0), { group: 'Vote', value: 'N', help: 'Decides which transformations vote.' }),
    out: option(text('a path'), { group: 'Output', value: 'FILE', help: 'ONNX file to write.' }),
  })
  .superRefine(({ with: others, mirror = false, align, vote, rotation, translation, ...rest }, context) => {
    const { scale, mean, std, perImageStandardization, bgr, layout } = rest;
    const preprocessing = { scale, mean, std, perImageStandardization, bgr, layout };
    const fed = Object.values(preprocessing).some((given) => given !== undefined);
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (align !== undefined && vote !== undefined)
      refuse('align', `got ${align}, and ${optionWords('vote', vote)} as well: give one of the two.`);
    if (align !== undefined && align % 2 === 0)
      refuse('align', `got ${align}, expected an odd number: one of the copies is the image as it is.`);
    if (align !== undefined && rotation === 0)
      refuse('rotation', 'got 0, and copies that are not turned are all alike: give more.');
    if (rotation !== undefined && vote === undefined && align === undefined)
      refuse(
        'rotation',
        `goes with ${optionWords('vote', 'M')} or ${optionWords('align', 'K')}, which say how many copies are turned.`,
      );
    if (translation !== undefined && vote === undefined)
      refuse('translation', `goes with ${optionWords('vote', 'M')}, which says how many transformations vote.`);
    if (!mirror && align === undefined && vote === undefined && !fed && others === undefined)
      refuse(
        'vote',
        `or ${[optionWords('align', 'K'), optionWords('mirror'), optionWords('with', 'MODEL')].join(', ')}, or ` +
          `preprocessing as ${optionWords('mean')} and ${optionWords('std')} is needed: they say what is built into ` +
          'the classifier.',
      );
  });

/** The options of `gimbal export`, read and resolved. */
export type ExportOptions = z.output<typeof exportSchema>;
