/** Copies images of equal size one after the other into one array: [images.length, CHW]. */
export function pack(images: readonly Float32Array[]): Float32Array {
  const size = images[0].length;
  const packed = new Float32Array(images.length * size);
  images.forEach((image, i) => packed.set(image, i * size));
  return packed;
}
