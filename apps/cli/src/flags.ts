import { checkOption, type OptionSchema, type OptionSpec } from "@dl/recipes";
import { Option, type Command } from "commander";
import { asUsage, UsageError } from "./errors.js";

/** `batchSize` → `--batch-size`. */
export const flagOf = (name: string): string => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const rangeOf = (spec: OptionSpec): string => (spec.kind === "choice" ? spec.choices.join(", ") : `${spec.min} to ${spec.max}`);

/** The number that `text` spells. */
export function parseNumber(flag: string, text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isNaN(value)) throw new UsageError(`${flag} is "${text}". Give a number.`);
  return value;
}

export function parseWhole(flag: string, text: string): number {
  const value = parseNumber(flag, text);
  if (!Number.isSafeInteger(value) || value < 0) throw new UsageError(`${flag} is "${text}". Give a whole number from 0.`);
  return value;
}

function parseValue(flag: string, spec: OptionSpec, text: string): string | number {
  const value = spec.kind === "choice" ? text : parseNumber(flag, text);
  asUsage(() => { checkOption("dl", flag, spec, value); });
  return value;
}

/** Gives `command` a flag for each hyper-parameter. Only those that were typed have a value afterwards. */
export function addRecipeFlags(command: Command, schema: OptionSchema): void {
  for (const [name, spec] of Object.entries(schema)) {
    const flag = flagOf(name);
    const description = `${spec.description} (default ${spec.default}; ${rangeOf(spec)})`;
    const option = new Option(`${flag} <${spec.kind}>`, description).argParser((text) => parseValue(flag, spec, text));
    command.addOption(option.helpGroup("Options of the recipe:"));
  }
}

/** Hyper-parameters that were typed. */
export type RecipeFlags = Readonly<Record<string, string | number>>;

/** The hyper-parameters among parsed flags. */
export function recipeFlags(schema: OptionSchema, flags: Readonly<Record<string, unknown>>): RecipeFlags {
  const typed = Object.entries(flags).filter((flag): flag is [string, string | number] => flag[0] in schema && flag[1] !== undefined);
  return Object.fromEntries(typed);
}
