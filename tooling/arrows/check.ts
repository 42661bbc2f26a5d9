import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { cycles, type Graph } from "./cycles.js";
import { type Import, importsOf } from "./imports.js";
import { refusal, scope } from "./rules.js";
import { type Package, packagesOf } from "./workspace.js";

/** Every import and dependency below `root` that the house rule forbids, one line each; none means that all arrows point left. */
export function checkArrows(root: string): string[] {
  const packages = packagesOf(root);
  const packageGraph = new Map(packages.map(({ name }) => [name, new Set<string>()]));
  const problems: string[] = [];

  for (const from of packages) {
    const arrow = (place: string, to: string): void => {
      packageGraph.get(from.name)?.add(to);
      const reason = from.isApp ? appRefusal(packages, to) : refusal(from.name, to);
      if (reason !== undefined) problems.push(`${place}: ${scope}${from.name} may not use ${scope}${to}: ${reason}.`);
    };

    for (const name of from.dependencies) if (name.startsWith(scope)) arrow(`${from.folder}/package.json`, name.slice(scope.length));

    const fileGraph = new Map(from.files.map((file) => [file, new Set<string>()]));
    for (const file of from.files) {
      for (const imported of importsOf(file, readFileSync(join(root, file), "utf8"))) {
        const place = `${file}:${imported.line}`;
        if (imported.specifier.startsWith(".")) {
          if (leaves(from, file, imported)) problems.push(`${place}: "${imported.specifier}" reaches out of ${from.folder}. Import the package by its name.`);
          else if (!imported.typeOnly) fileGraph.get(file)?.add(sourceOf(file, imported.specifier));
        } else if (imported.specifier.startsWith(scope)) {
          const to = imported.specifier.split("/")[1];
          if (to === from.name) problems.push(`${place}: ${scope}${to} imports itself by name. Use a relative path.`);
          else arrow(place, to);
        }
      }
    }
    problems.push(...describe("files", fileGraph));
  }
  return [...problems, ...describe("packages", packageGraph)];
}

function describe(kind: string, graph: Graph): string[] {
  return cycles(graph).map((path) => `${kind} import each other in a circle: ${path.join(" → ")}. Move what they share into one of its own.`);
}

function appRefusal(packages: readonly Package[], to: string): string | undefined {
  return packages.some(({ name, isApp }) => isApp && name === to) ? "an app never imports an app" : undefined;
}

function leaves(from: Package, file: string, { specifier }: Import): boolean {
  return !posix.join(posix.dirname(file), specifier).startsWith(`${from.folder}/`);
}

/** `./x.js` in a TypeScript source names `./x.ts`. */
function sourceOf(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier).replace(/\.js(x?)$/, ".ts$1");
}
