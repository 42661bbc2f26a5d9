import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scope } from "./rules.js";

export interface Package {
  /** The folder's name, which is the package's name without its scope. */
  readonly name: string;
  /** From the repository root, with `/`. */
  readonly folder: string;
  readonly isApp: boolean;
  /** TypeScript sources, from the repository root. */
  readonly files: readonly string[];
  /** Names in any dependency field of its package.json. */
  readonly dependencies: readonly string[];
}

const dependencyFields = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] as const;

type Manifest = { readonly name: string } & Readonly<Partial<Record<(typeof dependencyFields)[number], Readonly<Record<string, string>>>>>;

/** Every package and app below a repository root. */
export function packagesOf(root: string): Package[] {
  return ["packages", "apps"].flatMap((group) => {
    if (!existsSync(join(root, group))) return [];
    return readdirSync(join(root, group))
      .map((name) => `${group}/${name}`)
      .filter((folder) => existsSync(join(root, folder, "package.json")))
      .map((folder) => readPackage(root, folder, group === "apps"));
  });
}

function readPackage(root: string, folder: string, isApp: boolean): Package {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
  return {
    name: manifest.name.slice(scope.length),
    folder,
    isApp,
    files: sourcesIn(root, `${folder}/src`),
    dependencies: dependencyFields.flatMap((field) => Object.keys(manifest[field] ?? {})),
  };
}

function sourcesIn(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sourcesIn(root, path);
      return /\.tsx?$/.test(entry.name) ? [path] : [];
    })
    .sort();
}
