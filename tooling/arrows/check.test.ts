import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkArrows } from "./check.js";
import { arrows, refusal } from "./rules.js";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "arrows-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A package or app with the given sources. */
function add(folder: string, sources: Record<string, string>, manifest: Record<string, Record<string, string>> = {}): void {
  write(`${folder}/package.json`, JSON.stringify({ name: `@dl/${folder.split("/")[1]}`, ...manifest }));
  for (const [name, text] of Object.entries(sources)) write(`${folder}/src/${name}`, text);
}

test("this repository has no forbidden arrow", () => {
  expect(checkArrows(fileURLToPath(new URL("../..", import.meta.url)))).toEqual([]);
});

test("the table of arrows has no circle and no unknown name", () => {
  for (const [from, targets] of arrows) {
    for (const to of targets) {
      expect([...arrows.keys()], `${from} → ${to}`).toContain(to);
      expect(refusal(to, from), `${to} → ${from}`).toBeDefined();
    }
  }
});

test("arrows that point left are accepted, of every kind of import", () => {
  add("packages/registry", { "index.ts": "export const a = 1;" });
  add("packages/tensor", { "index.ts": 'export * from "@dl/registry"; import { b } from "./b.js"; console.log(b);', "b.ts": 'import fs from "node:fs"; export const b = fs;' });
  add("packages/nn", { "index.ts": 'import type { A } from "@dl/tensor"; const r = await import("@dl/registry"); export type B = import("@dl/autograd").C | A; export { r };' });
  add("apps/cli", { "main.ts": 'import "@dl/nn"; import "@dl/recipes";' });
  expect(checkArrows(root)).toEqual([]);
});

describe("a planted fault is found", () => {
  test.each([
    ["import", 'import { nn } from "@dl/nn";'],
    ["type import", 'import type { Module } from "@dl/nn";'],
    ["export from", 'export { nn } from "@dl/nn";'],
    ["dynamic import", 'export const nn = () => import("@dl/nn");'],
    ["import type node", 'export type M = import("@dl/nn").Module;'],
    ["import of a subpath", 'import "@dl/nn/layers";'],
  ])("an arrow that points right: %s", (_kind, source) => {
    add("packages/tensor", { "a.ts": `\n${source}` });
    expect(checkArrows(root)).toEqual(["packages/tensor/src/a.ts:2: @dl/tensor may not use @dl/nn: the arrow points right: @dl/nn stands on @dl/tensor."]);
  });

  test("a dependency that points right", () => {
    add("packages/tensor", {}, { devDependencies: { "@dl/testing": "workspace:*" } });
    expect(checkArrows(root)).toEqual([expect.stringContaining("packages/tensor/package.json: @dl/tensor may not use @dl/testing: the arrow points right")]);
  });

  test.each([
    ["vision", "sequence"],
    ["nn", "data"],
    ["backend-wasm", "backend-gpujs"],
    ["metrics", "tensor"],
    ["recipes", "testing"],
  ])("siblings: %s imports %s", (from, to) => {
    add(`packages/${from}`, { "index.ts": `import "@dl/${to}";` });
    expect(checkArrows(root)).toEqual([expect.stringContaining(`@dl/${from} and @dl/${to} are siblings`)]);
  });

  test("an app that imports an app", () => {
    add("apps/cli", { "main.ts": "" });
    add("apps/demo", { "main.ts": 'import "@dl/cli";' });
    expect(checkArrows(root)).toEqual([expect.stringContaining("an app never imports an app")]);
  });

  test("a package that imports an app", () => {
    add("packages/recipes", { "index.ts": 'import "@dl/cli";' });
    expect(checkArrows(root)).toEqual([expect.stringContaining("@dl/recipes may not use @dl/cli")]);
  });

  test("a package without a row in the table", () => {
    add("packages/novel", { "index.ts": 'import "@dl/tensor";' });
    expect(checkArrows(root)).toEqual([expect.stringContaining("@dl/novel has no row")]);
  });

  test("a relative path into another package", () => {
    add("packages/nn", { "deep/a.ts": 'import "../../../tensor/src/index.js";' });
    expect(checkArrows(root)).toEqual([expect.stringContaining("reaches out of packages/nn")]);
  });

  test("a package that imports itself by name", () => {
    add("packages/nn", { "a.ts": 'import "@dl/nn";' });
    expect(checkArrows(root)).toEqual([expect.stringContaining("imports itself by name")]);
  });

  test("files that import each other's values in a circle", () => {
    add("packages/nn", { "a.ts": 'import { b } from "./b.js";', "b.ts": 'export * from "./deep/c.js";', "deep/c.ts": 'import { a } from "../a.js";' });
    expect(checkArrows(root)).toEqual([
      expect.stringContaining("packages/nn/src/a.ts → packages/nn/src/b.ts → packages/nn/src/deep/c.ts → packages/nn/src/a.ts"),
    ]);
  });

  test("an inline type specifier still imports the file", () => {
    add("packages/nn", { "a.ts": 'import { type B } from "./b.js";', "b.ts": 'import { a } from "./a.js";' });
    expect(checkArrows(root)).toEqual([expect.stringContaining("in a circle")]);
  });

  test("packages that depend on each other in a circle", () => {
    add("packages/tensor", { "index.ts": 'import type { Module } from "@dl/nn";' });
    add("packages/nn", { "index.ts": 'import "@dl/tensor";' });
    expect(checkArrows(root)).toContainEqual(expect.stringMatching(/packages import each other in a circle: (tensor → nn → tensor|nn → tensor → nn)/));
  });
});

test("a circle of type-only imports between files is accepted", () => {
  add("packages/nn", { "a.ts": 'import type { B } from "./b.js";', "b.ts": 'import { a } from "./a.js";' });
  expect(checkArrows(root)).toEqual([]);
});
