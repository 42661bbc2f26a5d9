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

// Minimax rational approximations of the error function on four intervals (coefficients: Sun Microsystems, fdlibm, 1993).

/** (erf(x) − x)/x in z = x², |x| < 0.84375. */
const nearZero = (z: number): number =>
  (1.28379167095512558561e-1 + z * (-3.25042107247001499370e-1 + z * (-2.84817495755985104766e-2 + z * (-5.77027029648944159157e-3 + z * -2.37630166566501626084e-5)))) /
  (1 + z * (3.97917223959155352819e-1 + z * (6.50222499887672944485e-2 + z * (5.08130628187576562776e-3 + z * (1.32494738004321644526e-4 + z * -3.96022827877536812320e-6)))));

/** erf(1 + s) − 0.845…, 0.84375 ≤ 1 + s < 1.25. */
const nearOne = (s: number): number =>
  (-2.36211856075265944077e-3 + s * (4.14856118683748331666e-1 + s * (-3.72207876035701323847e-1 + s * (3.18346619901161753674e-1 + s * (-1.10894694282396677476e-1 + s * (3.54783043256182359371e-2 + s * -2.16637559486879084300e-3)))))) /
  (1 + s * (1.06420880400844228286e-1 + s * (5.40397917702171048937e-1 + s * (7.18286544141962662868e-2 + s * (1.26171219808761642112e-1 + s * (1.36370839120290507362e-2 + s * 1.19844998467991074170e-2))))));

/** log(x·erfc(x)) + x² + 0.5625 in s = 1/x², 1.25 ≤ x < 1/0.35. */
const middle = (s: number): number =>
  (-9.86494403484714822705e-3 + s * (-6.93858572707181764372e-1 + s * (-1.05586262253232909814e1 + s * (-6.23753324503260060396e1 + s * (-1.62396669462573470355e2 + s * (-1.84605092906711035994e2 + s * (-8.12874355063065934246e1 + s * -9.81432934416914548592))))))) /
  (1 + s * (1.96512716674392571292e1 + s * (1.37657754143519042600e2 + s * (4.34565877475229228821e2 + s * (6.45387271733267880336e2 + s * (4.29008140027567833386e2 + s * (1.08635005541779435134e2 + s * (6.57024977031928170135 + s * -6.04244152148580987438e-2))))))));

/** The same for x ≥ 1/0.35. */
const tail = (s: number): number =>
  (-9.86494292470009928597e-3 + s * (-7.99283237680523006574e-1 + s * (-1.77579549177547519889e1 + s * (-1.60636384855821916062e2 + s * (-6.37566443368389627722e2 + s * (-1.02509513161107724954e3 + s * -4.83519191608651397019e2)))))) /
  (1 + s * (3.03380607434824582924e1 + s * (3.25792512996573918826e2 + s * (1.53672958608443695994e3 + s * (3.19985821950859553908e3 + s * (2.55305040643316442583e3 + s * (4.74528541206955367215e2 + s * -2.24409524465858183362e1)))))));

function erfMagnitude(x: number): number {
  if (x < 0.84375) return x + x * nearZero(x * x);
  if (x < 1.25) return 8.45062911510467529297e-1 + nearOne(x - 1);
  if (x >= 6) return 1;
  const s = 1 / (x * x);
  return 1 - Math.exp(-x * x - 0.5625 + (x < 1 / 0.35 ? middle(s) : tail(s))) / x;
}

/** The error function 2/√π ∫₀ˣ e^(−t²) dt, within 2e-16 or so of the truth. */
export function erf(x: number): number {
  if (x !== x) return x;
  return x < 0 ? -erfMagnitude(-x) : erfMagnitude(x);
}

/** The remainder with the sign of y. By `%`, which rounds nothing and knows infinite divisors. */
export function floorMod(x: number, y: number): number {
  const remainder = x % y;
  return remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder;
}
