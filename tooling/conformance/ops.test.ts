import { readdirSync } from "node:fs";
import { opBrand } from "@dl/tensor";
import * as tensor from "@dl/tensor";
import type { Op } from "@dl/tensor";
import { coreExamples, coreOps } from "@dl/tensor/ops";
import { isGradientChecked, testOp } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";
import { describe, expect, test } from "vitest";

const ops = Object.values(coreOps());
const examples = coreExamples();
const named = (list: readonly Op[]): (readonly [string, Op])[] => list.map((op) => [op.name, op] as const);

const isOp = (value: unknown): value is Op => typeof value === "function" && opBrand in value;

/** Every op that a file of ops exports, with the file. */
async function exportedOps(): Promise<(readonly [string, Op])[]> {
  const folder = new URL("../../packages/tensor/src/ops/", import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const modules = await Promise.all(files.map(async (file) => [file, (await import(new URL(file, folder).href)) as object] as const));
  return modules.flatMap(([file, module]) => Object.values(module).filter(isOp).map((op) => [`${op.name} of ${file}`, op] as const));
}

const exported = await exportedOps();
const publicOps = Object.values<unknown>(tensor).filter(isOp);

describe("coverage by examples (OPT-09)", () => {
  test.each(exported)("%s has an example", (_, op) => {
    expect(coreOps()[op.name]).toBe(op);
  });

  test("every public op is listed", () => {
    const listed = new Set(ops);
    expect(publicOps.filter((op) => !listed.has(op))).toEqual([]);
    expect(publicOps.length).toBeGreaterThan(80);
  });

  test.each(named(ops))("%s has an example with values", (_, op) => {
    expect(examples.some((example) => example.op === op && example.expect !== undefined)).toBe(true);
  });

  test.each(named(ops.filter((op) => op.differentiable)))("%s has an example whose gradient is checked", (_, op) => {
    expect(examples.some((example) => example.op === op && isGradientChecked(example))).toBe(true);
  });
});

for (const op of ops) bindSuite(`op ${op.name} (OPT-09, SYS-03)`, testOp(op, examples));
