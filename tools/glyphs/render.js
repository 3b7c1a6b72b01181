import sharp from 'sharp';

/** Side of an image in pixels. */
export const SIDE = 28;
/** Each pixel is the mean of this many by this many samples. */
const SAMPLES = 6;
/** No glyph is wider or higher than this many pixels: MNIST's frame, which leaves room for turns and shifts. */
const FRAME = 20;

/**
 * Draws one glyph white on black.
 *
 * @param {import('opentype.js').Glyph} glyph
 * @param {object} look
 * @param {number} look.height   height of the glyph in pixels; less where the glyph would be wider than the frame
 * @param {number} look.stretch  width relative to the font's own
 * @param {number} look.x        shift of the glyph's centre to the right, in pixels
 * @param {number} look.y        shift down, in pixels
 * @param {number} look.blur     standard deviation of the Gaussian blur in pixels; 0 for none
 * @param {number} [look.angle]  degrees counter-clockwise
 * @returns {Promise<Uint8Array>} coverage of 28 × 28 pixels, 0 to 255, row by row
 */
export async function render(glyph, { height, stretch, x, y, blur, angle = 0 }) {
  const path = glyph.getPath(0, 0, 1000);
  const { x1, y1, x2, y2 } = path.getBoundingBox();
  const scale = Math.min(height / (y2 - y1), FRAME / ((x2 - x1) * stretch));
  const centre = SIDE / 2;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE * SAMPLES}" height="${SIDE * SAMPLES}" viewBox="0 0 ${SIDE} ${SIDE}">
<rect width="${SIDE}" height="${SIDE}" fill="black"/>
<path fill="white" transform="translate(${centre + x} ${centre + y}) rotate(${-angle}) scale(${scale * stretch} ${scale}) translate(${-(x1 + x2) / 2} ${-(y1 + y2) / 2})" d="${path.toPathData(2)}"/>
</svg>`;
  let drawing = sharp(Buffer.from(svg));
  // libvips takes no standard deviation below 0.3 samples.
  if (blur * SAMPLES >= 0.3) drawing = drawing.blur(blur * SAMPLES);
  return average(await drawing.extractChannel(0).raw().toBuffer());
}

/** The mean over each SAMPLES × SAMPLES block. */
function average(samples) {
  const pixels = new Uint8Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      let sum = 0;
      for (let dy = 0; dy < SAMPLES; dy++) {
        const start = ((row * SAMPLES + dy) * SIDE + column) * SAMPLES;
        for (let dx = 0; dx < SAMPLES; dx++) sum += samples[start + dx];
      }
      pixels[row * SIDE + column] = Math.round(sum / (SAMPLES * SAMPLES));
    }
  }
  return pixels;
}
