import { imageSize } from '../image/image.ts';
import type { LabelledImage } from '../image/image.ts';
import { isSame } from '../transform/transformation.ts';
import type { ReportSources } from './build-report.ts';
import type { Frame, Shown } from './report-input.ts';

/** `small`: one of many. */
export type PictureSize = 'full' | 'small';

/** An image with what is shown of it. */
export interface ShownImage {
  readonly image: LabelledImage;
  readonly shown: Shown;
}

/** @returns in the order of the images; nothing for one without verdicts, or for which no bytes are left */
export type FrameDrawer = (attack: string, images: readonly ShownImage[]) => Promise<(readonly Frame[] | undefined)[]>;

/** Bytes that the pictures of a report's sliders may take, as text in the page; docs/reading-results.md tells it. */
const MOST_BYTES = 3 * 2 ** 20;

/** Draws what the sliders show, image by image until the bytes are spent. */
export function frameDrawer({ source, warp, warps, encode, sweep }: ReportSources, most = MOST_BYTES): FrameDrawer {
  let left = most;
  return async (attack, images) => {
    const { shape } = source;
    const asked = images.map(({ image, shown }) => ({ target: { ...image, shape }, through: shown.transformation }));
    const sweeps = await sweep?.(attack, asked);
    const drawn: (readonly Frame[] | undefined)[] = [];
    for (const { image, shown } of images) {
      const frames: Frame[] = [];
      for (const verdict of (left > 0 && sweeps?.get(image.index)) || []) {
        const pixels = new Float32Array(imageSize(shape));
        (warps?.get(attack) ?? warp).apply(image.pixels, verdict.transformation, pixels);
        // The picture that is there without a script says what the report says of it elsewhere.
        const isShown = isSame(verdict.transformation, shown.transformation);
        const { predicted, loss } = isShown ? shown : verdict;
        const picture = await encode(pixels, shape, isShown ? 'full' : 'small');
        frames.push({ transformation: verdict.transformation, predicted, loss, picture });
      }
      left -= frames.reduce((sum, { picture }) => sum + picture.length, 0);
      drawn.push(left < 0 || frames.length < 2 ? undefined : frames);
    }
    return drawn;
  };
}
