/** A number as source, or null where shader languages have none for it, or would read another. */
export function literal(value: number): string | null {
  if (!Number.isFinite(value) || Object.is(value, -0) || (Number.isInteger(value) && Math.abs(value) >= 2 ** 24)) return null;
  return value < 0 ? `(${value})` : `${value}`;
}

/** `a·b + c·d + …` without the terms that are zero. */
export const sum = (terms: readonly (readonly [string, number])[]): string =>
  plus(...terms.filter(([, factor]) => factor !== 0).map(([name, factor]) => (factor === 1 ? name : `${name} * ${literal(factor) ?? factor}`)));

const isNumber = (part: string): boolean => /^\d+$/.test(part);

/** `a + b + …` with whole numbers added up: GLSL reads an index of nothing but these as none. */
export function plus(...parts: readonly string[]): string {
  const named = parts.filter((part) => !isNumber(part));
  const total = parts.filter(isNumber).reduce((at, part) => at + Number(part), 0);
  return (total === 0 && named.length > 0 ? named : [`${total}`, ...named]).join(" + ");
}
