/**
 * For each pixel of an image's plane, row by row, the position in the source's plane of the pixel that it shows; −1 for
 * black. It says what nearest sampling makes of an image, without an angle and its rounding.
 */
export type Sources = Int32Array;

/**
 * target[i] = source[sources[i]], channel by channel.
 * @param sourcePlane pixels of a channel of the source
 */
export function gather(
  sources: Sources,
  channels: number,
  source: Float32Array,
  sourcePlane: number,
  target: Float32Array,
  targetOffset = 0,
): void {
  for (let channel = 0, from = 0, to = targetOffset; channel < channels; channel++, from += sourcePlane)
    for (let i = 0; i < sources.length; i++) {
      const position = sources[i];
      target[to++] = position < 0 ? 0 : source[from + position];
    }
}

/** The adjoint of `gather`: target[sources[i]] += gradient[i]. */
export function gatherAdjoint(
  sources: Sources,
  channels: number,
  gradient: Float32Array,
  target: Float32Array,
  sourcePlane: number,
): void {
  for (let channel = 0, from = 0, to = 0; channel < channels; channel++, from += sourcePlane)
    for (let i = 0; i < sources.length; i++, to++) if (sources[i] >= 0) target[from + sources[i]] += gradient[to];
}
