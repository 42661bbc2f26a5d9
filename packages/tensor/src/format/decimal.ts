/** Digits beyond those asked for that settle whether a number lies exactly halfway. */
const extraDigits = 60;

const maxDigits = 100;

/**
 * Rounds half to even where JavaScript rounds half up (0.03125 to four digits: 0.0312, as C, Python and PyTorch print
 * it). `print` must give decimal digits followed by `tail`, which rounding does not change for an exact half.
 */
function halfToEven(digits: number, print: (digits: number) => string): string {
  const rounded = print(digits);
  const [exact, tail] = splitExponent(print(Math.min(maxDigits, digits + extraDigits)));
  const point = exact.indexOf(".");
  const kept = exact.slice(0, point + 1 + digits);
  const isHalf = /^50*$/.test(exact.slice(kept.length));
  const lastDigit = Number(/[0-9](?=\.?$)/.exec(kept)?.[0]);
  return isHalf && lastDigit % 2 === 0 ? kept.replace(/\.$/, "") + tail : rounded;
}

function splitExponent(text: string): [string, string] {
  const at = text.indexOf("e");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at)];
}

const sign = (value: number): string => (value < 0 || Object.is(value, -0) ? "-" : "");

const special = (value: number): string => (Number.isNaN(value) ? "nan" : `${sign(value)}inf`);

/** Like C's `%.{digits}f`. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return special(value);
  const magnitude = Math.abs(value);
  // From 2^53 on every float is whole, and toFixed gives up at 1e21.
  if (magnitude >= 2 ** 53) return `${sign(value)}${BigInt(magnitude)}${digits > 0 ? `.${"0".repeat(digits)}` : ""}`;
  return sign(value) + halfToEven(digits, (n) => magnitude.toFixed(n));
}

/** Like C's `%.{digits}e`: at least two digits of exponent. */
export function scientific(value: number, digits: number): string {
  if (!Number.isFinite(value)) return special(value);
  const text = halfToEven(digits, (n) => Math.abs(value).toExponential(n));
  return sign(value) + text.replace(/e([-+])([0-9])$/, "e$10$2");
}
