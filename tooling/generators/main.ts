import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { apply, shown } from "./change.js";
import type { Change } from "./change.js";
import { newLayer } from "./layer.js";
import { Misuse } from "./names.js";
import { newOp } from "./op.js";
import { newPlugin } from "./plugin.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

const usage = "Usage: pnpm new op <name> | pnpm new layer <Name> | pnpm new plugin <owner-name> [folder]";

const next: Readonly<Record<string, string>> = {
  op: "Write its formula, its line of documentation and its examples, then run: pnpm test",
  layer: "Write its forward, its documentation and its example, then run: pnpm test",
  plugin: "Install its dependencies there, then run: npm test",
};

function plan(kind: string | undefined, name: string | undefined, folder: string | undefined, rest: readonly string[]): Change[] {
  if (kind === undefined || name === undefined || rest.length > 0 || (folder !== undefined && kind !== "plugin")) throw new Misuse(usage);
  switch (kind) {
    case "op":
      return newOp(root, name);
    case "layer":
      return newLayer(root, name);
    case "plugin":
      return newPlugin(root, resolve(folder ?? `../${name}`), name);
    default:
      throw new Misuse(`"${kind}" is nothing that can be made. ${usage}`);
  }
}

try {
  const [kind, name, folder, ...rest] = process.argv.slice(2);
  const changes = plan(kind, name, folder, rest);
  apply(changes);
  for (const { path } of changes) console.log(`wrote ${shown(path)}`);
  console.log(next[kind]);
} catch (error) {
  if (!(error instanceof Misuse)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
