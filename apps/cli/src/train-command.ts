import type { Suggestion } from "@dl/recipes";
import { flagOf } from "./flags.js";
import type { Io } from "./io.js";

const WHY_COLUMN = 44;

/** A word of a command as a shell reads it. */
export const quoted = (word: string): string => (/^[\w./:=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** How to type `dl` when a package manager's script started it, and it may not be a command of its own. */
export function scriptHint({ env }: Io): string | undefined {
  const version = /^pnpm\/(\S+)/.exec(env.npm_config_user_agent ?? "")?.[1];
  return env.npm_lifecycle_event === undefined || version === undefined ? undefined : `npx -y pnpm@${version} dl`;
}

/** The command that follows a suggestion, and what it shows. */
export function suggestionLine({ recipe, data, options = {}, why }: Suggestion): string {
  const flags = Object.entries(options).flatMap(([name, value]) => [flagOf(name), String(value)]);
  const words = ["dl", "train", recipe, ...(data === undefined ? [] : ["--data", data]), ...flags];
  return `${words.map(quoted).join(" ").padEnd(WHY_COLUMN)}  ${why}`;
}
