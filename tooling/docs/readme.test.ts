import { mkdirSync, readdirSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { createReferenceBackend, useBackend } from "@dl/tensor";
import { afterAll, describe, expect, test, vi } from "vitest";
import { snippetsOf } from "./snippets.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const scratch = join(root, "tooling/docs/.snippets");

const readmes = [root, ...["packages", "apps"].flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))]
  .map((folder) => join(folder, "README.md"))
  .filter((file) => existsSync(file));

const snippets = readmes.flatMap((file) => snippetsOf(file, relative(root, file)));

/** Everything the snippet prints, one entry per call. */
async function run(code: string, index: number): Promise<string[]> {
  mkdirSync(scratch, { recursive: true });
  const file = join(scratch, `snippet-${index}.ts`);
  writeFileSync(file, code);
  const printed: string[] = [];
  // Each begins as a program does, whatever the one before it chose.
  await useBackend(createReferenceBackend());
  const log = vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => { printed.push(values.map(String).join(" ")); });
  try {
    await import(file);
  } finally {
    log.mockRestore();
  }
  return printed;
}

describe("examples in README files", () => {
  afterAll(() => { rmSync(scratch, { recursive: true, force: true }); });

  test("SYS-01: every package has a README with an example", () => {
    const packages = readdirSync(join(root, "packages"));
    const exampled = new Set(snippets.map(({ place }) => place.split("/")[1]));
    expect(packages.filter((name) => !exampled.has(name))).toEqual([]);
  });

  test.each(snippets.map((snippet, index) => ({ ...snippet, index })))("$place runs and prints what it says", { timeout: 60_000 }, async ({ code, expected, index }) => {
    const printed = await run(code, index);
    expect(printed.slice(0, expected.length)).toEqual(expected);
  });
});
