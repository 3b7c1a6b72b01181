import type { z } from 'zod';
import { perChannel, whole } from '../settings/numbers.ts';
import { option } from '../settings/option.ts';
import { choice, text, toggle } from '../settings/value.ts';
import { inputSize, pixelScale } from './image-values.ts';

export const MODEL_GROUP = 'Model and preprocessing';

/** What a user can say about feeding and reading a model: flags, and the form of the page. */
export const feedingOptions = {
  layout: option(choice(['nchw', 'nhwc', 'flat']).optional(), {
    group: MODEL_GROUP,
    value: 'nchw|nhwc|flat',
    help: "Layout of the model's input.",
    defaultText: 'read from the model',
  }),
  size: option(inputSize().optional(), {
    group: MODEL_GROUP,
    value: 'N|HxW|CxHxW',
    help: "Size of the model's input.",
    defaultText: 'read from the model',
  }),
  scale: option(pixelScale().optional(), {
    group: MODEL_GROUP,
    value: '0,1|0,255|-1,1',
    help: 'Range of pixels that the model takes, before mean and standard deviation.',
    defaultText: '0,1',
  }),
  mean: option(perChannel().optional(), {
    group: MODEL_GROUP,
    value: 'LIST',
    help:
      "Mean to subtract, for each channel, in units of the scaled pixels: .485,.456,.406. In the model's order of " +
      'channels: with --bgr blue first.',
    defaultText: 'none',
  }),
  std: option(perChannel({ from: 0 }).optional(), {
    group: MODEL_GROUP,
    value: 'LIST',
    help: "Standard deviation to divide by, for each channel, in the model's order as --mean.",
    defaultText: 'none',
  }),
  perImageStandardization: option(toggle().optional(), {
    group: MODEL_GROUP,
    help: 'Give each image mean 0 and deviation 1, as tf.image.per_image_standardization.',
  }),
  bgr: option(toggle().optional(), {
    group: MODEL_GROUP,
    help: 'The model takes blue, green, red: channels are swapped first, then --mean and --std apply in that order.',
  }),
  output: option(text('the name of an output').optional(), {
    group: MODEL_GROUP,
    value: 'NAME',
    help: "The model's output that holds the scores.",
    defaultText: 'the only one that can be',
  }),
  labelOffset: option(whole().optional(), {
    group: MODEL_GROUP,
    value: 'N',
    help: "Label 0 is the model's class N: 1 for models with a background class.",
    defaultText: '0',
  }),
};

export type FeedingOptions = z.output<z.ZodObject<typeof feedingOptions>>;
