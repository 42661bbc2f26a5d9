/** A mistake of the person who called: shown as one line, exit code 2. */
export class Misuse extends Error {}

const reserved = new Set(
  ("await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in " +
    "instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield").split(" "),
);

interface Rule {
  readonly kind: string;
  readonly pattern: RegExp;
  readonly form: string;
}

const rules: Readonly<Record<"op" | "layer" | "plugin", Rule>> = {
  op: { kind: "an op", pattern: /^[a-z][a-zA-Z0-9]*$/, form: "camelCase, such as softClamp" },
  layer: { kind: "a layer", pattern: /^[A-Z][a-zA-Z0-9]*$/, form: "PascalCase, such as SoftClamp" },
  plugin: { kind: "a plugin", pattern: /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)+$/, form: "the owner, a dash, and what it offers, such as acme-softclamp" },
};

/** @throws Misuse unless `name` can name what is to be made */
export function checkName(what: keyof typeof rules, name: string): void {
  const { kind, pattern, form } = rules[what];
  if (!pattern.test(name)) throw new Misuse(`"${name}" cannot name ${kind}. Write it in ${form}.`);
  if (reserved.has(name)) throw new Misuse(`"${name}" is a word of the language. Choose another name.`);
}

/** softClamp or SoftClamp → soft-clamp. */
export const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").replace(/([A-Z])([A-Z][a-z])/g, "$1-$2").toLowerCase();

/** soft-clamp → softClamp. */
export const camel = (name: string): string => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

export const pascal = (name: string): string => camel(name).replace(/^[a-z]/, (letter) => letter.toUpperCase());
