/** Names of folders and of lines of a split, in order of preference; ImageNet has its labelled test images in `val`. */
export const SPLITS = {
  test: ['test', 'testing', 'val', 'valid', 'validation', 'eval'],
  train: ['train', 'training'],
};
