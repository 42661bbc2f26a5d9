import { checkOptions, ValueError } from "@dl/registry";

interface Described {
  /** One line for help texts and menus. */
  readonly description: string;
}

export interface NumberOption extends Described {
  readonly kind: "number" | "integer";
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

export interface ChoiceOption extends Described {
  readonly kind: "choice";
  readonly default: string;
  readonly choices: readonly string[];
}

/** One hyper-parameter in plain JSON: menus and command-line flags are made from it. */
export type OptionSpec = NumberOption | ChoiceOption;

export type OptionSchema = Readonly<Record<string, OptionSpec>>;

type ValueOf<Spec> = Spec extends { readonly choices: readonly (infer C)[] } ? C : Spec extends NumberOption ? number : never;

/** The values that a schema describes. */
export type OptionsOf<S extends OptionSchema> = { readonly [K in keyof S]: ValueOf<S[K]> };

function checkNumber(where: string, name: string, { kind, min, max }: NumberOption, value: unknown): void {
  const whole = kind === "integer";
  if (typeof value === "number" && value >= min && value <= max && (!whole || Number.isInteger(value))) return;
  throw new ValueError(where, `${name} is ${String(value)}`, `Give a ${whole ? "whole number" : "number"} from ${min} to ${max}`, { [name]: value });
}

/** @throws ValueError unless `value` is one that `spec` allows */
export function checkOption(where: string, name: string, spec: OptionSpec, value: unknown): void {
  if (spec.kind !== "choice") checkNumber(where, name, spec, value);
  else if (!spec.choices.some((choice) => choice === value)) {
    throw new ValueError(where, `${name} is ${JSON.stringify(value)}`, `Use one of ${spec.choices.join(", ")}`, { [name]: value });
  }
}

/**
 * The given values, and the defaults for the others.
 * @throws UnknownNameError for a name that the schema does not have, ValueError for a value that it does not allow
 */
export function resolveOptions<S extends OptionSchema>(where: string, schema: S, given: object = {}): OptionsOf<S> {
  checkOptions(where, given, Object.keys(schema));
  const values = new Map<string, unknown>(Object.entries(given));
  const resolved = Object.entries(schema).map(([name, spec]) => {
    const value = values.get(name) ?? spec.default;
    checkOption(where, name, spec, value);
    return [name, value];
  });
  return Object.fromEntries(resolved) as OptionsOf<S>;
}
