import { expect, test } from 'vitest';
import { channelOrderDoubt } from './channel-order.ts';

const base = { scale: '0,1', std: [1], perImageStandardization: false } as const;

test.each([
  [[0.485, 0.456, 0.406], true, /takes blue, green, red .* those of red, green, blue/],
  [[123.675, 116.28, 103.53], true, /blue, green, red/],
  [[103.939, 116.779, 123.68], false, /takes red, green, blue .* those of blue, green, red/],
  [[103.939, 116.779, 123.68], true, undefined],
  [[0.485, 0.456, 0.406], false, undefined],
  [[0.5, 0.5, 0.5], true, undefined],
  [[0], true, undefined],
])('means %o with bgr %s', (mean, bgr, words) => {
  const doubt = channelOrderDoubt({ ...base, mean, bgr });
  if (words === undefined) expect(doubt).toBeUndefined();
  else expect(doubt).toMatch(words);
});
