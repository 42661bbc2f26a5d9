import { coreExamples, coreOps } from "@dl/tensor/ops";
import { isGradientChecked, testOp } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";
import { describe, expect, test } from "vitest";

const ops = Object.values(coreOps());
const examples = coreExamples();

describe("coverage by examples (OPT-09)", () => {
  test.each(ops.map((op) => [op.name, op] as const))("%s has an example with values", (_, op) => {
    expect(examples.some((example) => example.op === op && example.expect !== undefined)).toBe(true);
  });

  test.each(ops.filter((op) => op.differentiable).map((op) => [op.name, op] as const))("%s has an example whose gradient is checked", (_, op) => {
    expect(examples.some((example) => example.op === op && isGradientChecked(example))).toBe(true);
  });
});

for (const op of ops) bindSuite(`op ${op.name} (OPT-09, SYS-03)`, testOp(op, examples));
