import { defineConfig } from "tsup";

// baseUrl, which tsup's declaration build still sets, is deprecated in TypeScript 6.
// Declarations are built against the built packages, as a user sees them, not against their sources.
const dts = { compilerOptions: { ignoreDeprecations: "6.0", customConditions: [], noEmit: false } };

/** The build of a package that runs in Node and in browsers. */
export function libraryBuild(entry: string[] = ["src/index.ts"]) {
  return defineConfig({
    entry,
    format: ["esm"],
    platform: "neutral",
    target: "es2022",
    dts,
    clean: true,
    external: [/^node:/],
    removeNodeProtocol: false,
  });
}

/** The build of a Node program: no declarations, nothing of its dependencies bundled. */
export function appBuild(entry: string[]) {
  return defineConfig({ entry, format: ["esm"], platform: "node", target: "node20", clean: true, removeNodeProtocol: false });
}
