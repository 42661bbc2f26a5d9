// Functions of shader languages that are wrong somewhere, written anew: tanh(100) is NaN, pow(-2, 3) too, log(0) −88 on real devices.
// What no language can write down, infinity and NaN, comes in as an argument. In the subset of JavaScript that gpu.js translates.
import type { GpuFunction } from "../library.js";

const define = (name: string, parameters: readonly string[], body: string): GpuFunction => ({
  name,
  source: `function ${name}(${parameters.join(", ")}) { ${body} }`,
  settings: { argumentTypes: Object.fromEntries(parameters.map((parameter) => [parameter, "Number" as const])), returnType: "Number" },
});

/** c₀ + x·(c₁ + x·(…)) */
const polynomial = (x: string, coefficients: readonly number[]): string => coefficients.map(String).reduceRight((inner, own) => `${own} + ${x} * (${inner})`);

/** As in the WebAssembly backend: erf(x)/x − 1 in x² near 0, beyond it (1 − erf)^¼ in x. */
const erfNear = [1.2837909e-1, -3.7612188e-1, 1.1278976e-1, -2.6675101e-2, 4.873564e-3, -5.445977e-4];
const erfFar = [1.0044575, -3.0458295e-1, -7.055504e-2, -4.3897822e-2, 6.25528e-2, -2.1077177e-2, 3.037667e-3, -1.6525389e-4];

/** π/2 in parts of which the first have few bits: their products with whole numbers are exact. (Cody and Waite, 1980) */
const quarter = [1.5703125, 4.83751296997e-4, 7.54978995489e-8];

/** sin(r)/r − 1 and cos(r) − 1 for |r| ≤ π/4, in r². (Moshier, Cephes) */
const sine = [-1.6666655e-1, 8.3321609e-3, -1.9515296e-4];
const cosine = [-0.5, 4.1666646e-2, -1.3887316e-3, 2.4433157e-5];

/** The sine of an angle and a number of quarter turns; what shader languages have is good for four digits. */
const turned = (quarters: string): string => `
    if (!(Math.abs(a) < inf)) { return nan; }
    const k = Math.floor(a * ${2 / Math.PI} + 0.5);
    const r = ((a - k * ${quarter[0]}) - k * ${quarter[1]}) - k * ${quarter[2]};
    const z = r * r;
    const q = ${quarters} - Math.floor((${quarters}) * 0.25) * 4;
    const s = r + r * z * (${polynomial("z", sine)});
    const c = 1 + z * (${polynomial("z", cosine)});
    if (q < 1) { return s; } if (q < 2) { return c; } if (q < 3) { return -s; } return -c;`;

export const functions: readonly GpuFunction[] = [
  // Quotients of floats may be off by one.
  define("dlQuotient", ["a", "b"], "const q = Math.floor((a + 0.5) / b); const r = a - q * b; if (r < 0) { return q - 1; } if (r >= b) { return q + 1; } return q;"),
  // Some compilers take a !== a for false.
  define("dlNaN", ["a"], "return a < 0 || a >= 0 ? 0 : 1;"),
  define("dlMin", ["a", "b"], "return a < b ? a : (a >= b ? b : (dlNaN(a) > 0 ? a : b));"),
  define("dlMax", ["a", "b"], "return a > b ? a : (a <= b ? b : (dlNaN(a) > 0 ? a : b));"),
  // Halves go to the even neighbour.
  define("dlRound", ["a"], "if (Math.abs(a) >= 8388608) { return a; } const r = Math.floor(a + 0.5); const h = r * 0.5; if (r - a === 0.5 && Math.floor(h) !== h) { return r - 1; } return r;"),
  define("dlMod", ["a", "b", "inf", "nan"], `
    if (b === 0 || !(Math.abs(a) < inf)) { return nan; }
    if (Math.abs(b) >= inf) { if (a === 0 || (a < 0 && b < 0) || (a > 0 && b > 0)) { return a; } return b; }
    let r = a - Math.floor(a / b) * b;
    if (b > 0) { if (r < 0) { r = r + b; } if (r >= b) { r = r - b; } }
    if (b < 0) { if (r > 0) { r = r + b; } if (r <= b) { r = r - b; } }
    return r;`),
  // Of NaN some compilers say that its exponential is infinite, and that it is not at most anything: so it is asked for last.
  define("dlExp", ["a", "inf"], "if (a <= 88.8) { return a < -104 ? 0 : Math.exp(a); } return a > 88.8 ? inf : a;"),
  define("dlExpm1", ["a", "inf"], "if (Math.abs(a) < 0.5) { return a * (1 + a * (0.5 + a * (0.16666667 + a * (0.041666668 + a * (0.008333334 + a * (0.0013888889 + a * 0.0001984127)))))); } return dlExp(a, inf) - 1;"),
  define("dlLog", ["a", "inf", "nan"], "if (a >= inf) { return inf; } if (a > 0) { return Math.log(a); } if (a === 0) { return -inf; } return nan;"),
  // log(1 + x) = 2·artanh(x/(2 + x))
  define("dlLog1p", ["a", "inf", "nan"], "if (Math.abs(a) < 0.5) { const s = a / (2 + a); const z = s * s; return 2 * s * (1 + z * (0.33333334 + z * (0.2 + z * (0.14285715 + z * (0.11111111 + z * 0.09090909))))); } return dlLog(1 + a, inf, nan);"),
  define("dlSqrt", ["a", "inf", "nan"], "if (a < 0) { return nan; } if (a >= inf) { return inf; } return Math.sqrt(a);"),
  define("dlRsqrt", ["a", "inf", "nan"], "if (a >= inf) { return 0; } if (a > 0) { return 1 / Math.sqrt(a); } if (a === 0) { return inf; } return nan;"),
  define("dlIsOdd", ["a"], "const h = a * 0.5; return Math.floor(a) === a && Math.floor(h) !== h ? 1 : 0;"),
  define("dlPow", ["a", "b", "inf", "nan"], `
    if (b === 0 || a === 1) { return 1; }
    if (dlNaN(a) > 0 || dlNaN(b) > 0) { return nan; }
    const size = Math.abs(a);
    if (Math.abs(b) >= inf) { if (size === 1) { return 1; } if ((size > 1 && b > 0) || (size < 1 && b < 0)) { return inf; } return 0; }
    const whole = Math.floor(b) === b ? 1 : 0;
    let sign = 1;
    if (dlIsOdd(b) > 0 && (a < 0 || (a === 0 && 1 / a < 0))) { sign = -1; }
    if (size === 0 || size >= inf) { if ((size === 0 && b > 0) || (size > 0 && b < 0)) { return 0; } return sign * inf; }
    if (a < 0 && whole === 0) { return nan; }
    return sign * dlExp(b * Math.log(size), inf);`),
  define("dlIntPow", ["a", "b"], `
    if (a === 1) { return 1; }
    if (a === -1) { return 1 - 2 * dlIsOdd(Math.abs(b)); }
    if (b < 0) { return 0; }
    let r = 1;
    for (let k = 0; k < 31; k++) { if (k < b) { r = r * a; } }
    return r;`),
  define("dlSin", ["a", "inf", "nan"], turned("k")),
  define("dlCos", ["a", "inf", "nan"], turned("(k + 1)")),
  define("dlAtan2", ["y", "x", "inf", "nan"], `
    if (dlNaN(x) > 0 || dlNaN(y) > 0) { return nan; }
    const u = Math.abs(x); const v = Math.abs(y);
    let r = 0;
    if (u === v) { if (u > 0) { r = 1; } } else { if (u < inf && v < inf) { r = Math.min(u, v) / Math.max(u, v); } }
    let t = Math.atan(r);
    if (v > u) { t = ${Math.PI / 2} - t; }
    if (x < 0 || (x === 0 && 1 / x < 0)) { t = ${Math.PI} - t; }
    if (y < 0 || (y === 0 && 1 / y < 0)) { t = -t; }
    return t;`),
  define("dlTanh", ["a"], "if (a > 10) { return 1; } if (a < -10) { return -1; } return Math.tanh(a);"),
  define("dlSigmoid", ["a", "inf"], "return 1 / (1 + dlExp(-a, inf));"),
  define("dlSoftplus", ["a", "inf", "nan"], "return (a > 0 ? a : 0) + dlLog1p(dlExp(-Math.abs(a), inf), inf, nan);"),
  define("dlErf", ["a"], `
    const t = Math.abs(a) > 4 ? 4 : Math.abs(a);
    const z = a * a;
    if (t <= 1.04) { return a + a * (${polynomial("z", erfNear)}); }
    const root = ${polynomial("t", erfFar)};
    const square = root * root;
    return (a < 0 ? -1 : 1) * (1 - square * square);`),
];

const byName = new Map(functions.map((own) => [own.name, own]));

/** The functions that a source calls, and those that they call. */
export function functionsOf(source: string): readonly GpuFunction[] {
  const found = new Set<GpuFunction>();
  const pending = [source];
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    for (const [name] of text.matchAll(/\bdl[A-Z]\w*/g)) {
      const own = byName.get(name);
      if (own === undefined || found.has(own)) continue;
      found.add(own);
      pending.push(own.source);
    }
  }
  // In the order of their definitions: each only calls earlier ones.
  return functions.filter((own) => found.has(own));
}
