/** Functions of one number that JavaScript lacks, or where the obvious formula fails. */

export const { expm1, log1p } = Math;

export function roundHalfEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** 1/(1 + e⁻ˣ), through eˣ for negative x so that nothing overflows. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(1 + eˣ) = max(x, 0) + log1p(e^−|x|). */
export const softplus = (x: number): number => Math.max(x, 0) + log1p(Math.exp(-Math.abs(x)));

/** xʸ as C has it: 1 for x = 1 and any y, and for x = −1 and infinite y, where `**` gives NaN. */
export const power = (x: number, y: number): number => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y);

/** The remainder with the sign of y. By `%`, which rounds nothing and knows infinite divisors. */
export function floorMod(x: number, y: number): number {
  const remainder = x % y;
  return remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder;
}

/** Taylor polynomials of erf around the points k/32, 0 ≤ k ≤ 192: |h| ≤ 1/64, so nine terms suffice. */
const perUnit = 32;
const terms = 9;
const lastPoint = 192;
let taylor: Float64Array | null = null;

/** erf(x) = 2/√π·e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!!, whose terms are all positive: nothing cancels. */
function erfSeries(x: number): number {
  let term = x;
  let sum = 0;
  for (let n = 1; term > sum * 1e-18; n++) {
    sum += term;
    term *= (2 * x * x) / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Coefficients erf⁽ⁿ⁾(x)/n!. With g = e^(−x²): g⁽ⁿ⁺¹⁾ = −2x·g⁽ⁿ⁾ − 2n·g⁽ⁿ⁻¹⁾. */
function erfTaylor(): Float64Array {
  const table = new Float64Array((lastPoint + 1) * terms);
  for (let k = 0; k <= lastPoint; k++) {
    const x = k / perUnit;
    let before = 0;
    let derivative = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
    let factorial = 1;
    table[k * terms] = erfSeries(x);
    for (let n = 1; n < terms; n++) {
      factorial *= n;
      table[k * terms + n] = derivative / factorial;
      const next = -2 * x * derivative - 2 * (n - 1) * before;
      before = derivative;
      derivative = next;
    }
  }
  return table;
}

/** The error function 2/√π ∫₀ˣ e^(−t²) dt, within 3e-15. */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude >= lastPoint / perUnit) return Math.sign(x);
  const table = (taylor ??= erfTaylor());
  const k = (magnitude * perUnit + 0.5) | 0;
  const h = magnitude - k / perUnit;
  const at = k * terms;
  let value = table[at + terms - 1];
  for (let n = terms - 2; n >= 0; n--) value = value * h + table[at + n];
  return x < 0 ? -value : value;
}
