import { tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { operatorsOf, readGolden } from "./cases.js";
import { operators } from "./onnx/index.js";
import { runCase } from "./run-case.js";
import { difference } from "./stored-tensor.js";
import { unmappedOperators, unmatchedCases } from "./unmapped.js";

const directory = process.env.DL_DATA_DIR ?? "";
const run = (name: string) => Promise.all(readGolden(directory, name).map(async (golden) => ({ golden, outcome: await runCase(golden, operators) })));
type Result = Awaited<ReturnType<typeof run>>[number];

const pytorch = await run("pytorch-ops");
const onnx = await run("onnx-node");

const isKind = (kind: Result["outcome"]["kind"]) => ({ outcome }: Result): boolean => outcome.kind === kind;
const isUnmatched = ({ golden }: Result): boolean => Object.hasOwn(unmatchedCases, golden.name);
const isMapped = (op: string): boolean => Object.hasOwn(operators, op);

const failures = (results: readonly Result[]): string[] =>
  results.flatMap(({ golden, outcome }) => (outcome.kind === "failed" ? [`${golden.name}: ${outcome.why}`] : []));

function report(title: string, results: readonly Result[]): void {
  const count = (kind: Result["outcome"]["kind"]): number => results.filter(isKind(kind)).length;
  const unmatched = results.filter(isUnmatched).length;
  const mapped = results.length - count("unmapped") - count("foreign") - unmatched;
  console.log(`${title}: ${results.length} cases, ${mapped} mapped, ${count("passed")} passed, ${count("unmapped")} unmapped, ${count("foreign")} of dtypes that are not ours, ${unmatched} set aside`);
  const missing = results.filter(isKind("unmapped")).flatMap(({ golden }) => operatorsOf(golden).filter((op) => !isMapped(op)));
  for (const op of [...new Set(missing)].sort()) console.log(`  ${op} (${missing.filter((name) => name === op).length}): ${unmappedOperators[op]}`);
}

describe("values recorded from PyTorch (SYS-03)", () => {
  test("all cases are there", () => {
    report("PyTorch", pytorch);
    expect(pytorch).toHaveLength(113);
  });

  test.each(pytorch.map(({ golden, outcome }) => [golden.name, outcome] as const))("%s", (_, outcome) => {
    expect(outcome).toEqual({ kind: "passed" });
  });
});

describe("values of the ONNX specification (FT-05, SYS-03)", () => {
  const names = new Set(onnx.flatMap(({ golden }) => operatorsOf(golden)));
  const ofOperator = (op: string): Result[] => onnx.filter(({ golden }) => operatorsOf(golden).includes(op));

  test.each([...names].filter(isMapped))("%s", (op) => {
    expect(failures(ofOperator(op).filter((result) => !isUnmatched(result)))).toEqual([]);
  });

  test("the operators left out are those with a reason", () => {
    expect([...names].filter((op) => !isMapped(op)).sort()).toEqual(Object.keys(unmappedOperators).sort());
  });

  test("the cases set aside still differ", () => {
    const different = onnx.filter((result) => isUnmatched(result) && isKind("failed")(result));
    expect(different.map(({ golden }) => golden.name).sort()).toEqual(Object.keys(unmatchedCases).sort());
  });

  test("no case that once passed is lost", () => {
    report("ONNX", onnx);
    expect(onnx.filter(isKind("passed")).length).toBeGreaterThanOrEqual(980);
  });

  test("every operator of the table is checked by some case", () => {
    const passed = new Set([...onnx, ...pytorch].filter(isKind("passed")).flatMap(({ golden }) => operatorsOf(golden)));
    expect(Object.keys(operators).filter((op) => !passed.has(op))).toEqual([]);
  });
});

describe("the comparison", () => {
  const stored = { dtype: "float32", shape: [3], data: [1, "NaN", "Infinity"] };
  const tolerance = { rtol: 1e-3, atol: 1e-7 };
  const differs = (values: number[], shape = [3], dtype: "float32" | "float64" = "float32"): string | undefined =>
    difference(tensor(values, { shape, dtype }), stored, tolerance);

  test("takes what is within the tolerance", () => {
    expect(differs([1.0009, NaN, Infinity])).toBeUndefined();
  });

  test.each([
    ["a wrong value", differs([1.002, NaN, Infinity]), /instead of 1 at position 0/],
    ["a number in the place of NaN", differs([1, 0, Infinity]), /0 instead of NaN/],
    ["a number in the place of infinity", differs([1, NaN, 3e38]), /instead of Infinity/],
    ["NaN in the place of a number", differs([NaN, NaN, Infinity]), /NaN instead of 1/],
    ["a wrong shape", differs([1, NaN, Infinity], [1, 3]), /shape \[1,3\] instead of \[3\]/],
    ["a wrong dtype", differs([1, NaN, Infinity], [3], "float64"), /dtype float64 instead of float32/],
  ])("names %s", (_, found, message) => {
    expect(found).toMatch(message);
  });
});
