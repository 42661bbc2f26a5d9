// What a NaN becomes whose payload does not reach the upper bits: without any it would read as infinity.
const quietFloat16 = 0x200;
const quietBfloat16 = 0x7fc0;

/** Divides by 2^shift and rounds to nearest, ties to even. */
function roundedShift(value: number, shift: number): number {
  const quotient = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (quotient & 1) === 1) ? quotient + 1 : quotient;
}

function float16Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

function toFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff - 112) return sign | 0x7c00 | (fraction === 0 ? 0 : fraction >>> 13 || quietFloat16);
  if (exponent < -10) return sign;
  if (exponent <= 0) return sign | roundedShift(fraction | 0x800000, 14 - exponent);
  return sign | Math.min(roundedShift((exponent << 23) | fraction, 13), 0x7c00);
}

function toBfloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | (magnitude >>> 16 === 0x7f80 ? quietBfloat16 : magnitude >>> 16);
  return sign | roundedShift(magnitude, 16);
}

/** Works on bit patterns throughout: a NaN that passes through a JavaScript number may lose its payload. */
function floatsFrom(halves: Uint16Array, bitsOf: (half: number) => number): Float32Array {
  const floats = new Float32Array(halves.length);
  const bits = new Int32Array(floats.buffer);
  for (let i = 0; i < halves.length; i++) bits[i] = bitsOf(halves[i]);
  return floats;
}

function halvesFrom(floats: Float32Array, halfOf: (bits: number) => number): Uint16Array {
  const bits = new Int32Array(floats.buffer, floats.byteOffset, floats.length);
  return Uint16Array.from(bits, halfOf);
}

/** IEEE 754 binary16 to float32, exactly. */
export const fromFloat16 = (halves: Uint16Array): Float32Array => floatsFrom(halves, float16Bits);

/** Float32 to IEEE 754 binary16, ties to even; what is too large becomes infinite. */
export const asFloat16 = (floats: Float32Array): Uint16Array => halvesFrom(floats, toFloat16);

/** bfloat16 (the upper half of a float32) to float32, exactly. */
export const fromBfloat16 = (halves: Uint16Array): Float32Array => floatsFrom(halves, (half) => half << 16);

/** Float32 to bfloat16, ties to even; what is too large becomes infinite. */
export const asBfloat16 = (floats: Float32Array): Uint16Array => halvesFrom(floats, toBfloat16);
