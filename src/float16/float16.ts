const bits = new ArrayBuffer(4);
const asFloat = new Float32Array(bits);
const asInt = new Uint32Array(bits);

/** Bits of the float16 (IEEE 754 binary16) nearest to a number, ties to even; too large ones become infinite. */
export function toFloat16(value: number): number {
  asFloat[0] = value;
  const x = asInt[0];
  const sign = (x >>> 16) & 0x8000;
  const magnitude = x & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal in float16: multiples of 2^-24. Added to 0.5, the float32 rounds to these and holds their number in its
    // last bits.
    asInt[0] = magnitude;
    asFloat[0] += 0.5;
    return sign | (asInt[0] - 0x3f000000);
  }
  const odd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
}

/** 2^(exponent − 15) for each exponent. */
const POWERS = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (exponent - 15));

/** The number that bits of a float16 stand for: 1 sign, 5 exponent and 10 fraction bits. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * POWERS[exponent];
}
