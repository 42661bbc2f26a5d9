import { test } from "vitest";
import { readGolden, operatorsOf } from "./cases.js";
import { runCase } from "./run-case.js";
import { operators } from "./onnx/index.js";
test("x", () => {
  for (const f of ["pytorch-ops", "onnx-node"]) {
    const cases = readGolden(process.env.DL_DATA_DIR ?? "", f);
    const counts: Record<string, number> = {};
    const un: Record<string, number> = {};
    for (const c of cases) {
      const o = runCase(c, operators);
      counts[o.kind] = (counts[o.kind] ?? 0) + 1;
      if (o.kind === "failed") console.log(c.name, o.why);
      if (o.kind === "unmapped") for (const op of operatorsOf(c)) if (!(op in operators)) un[op] = (un[op] ?? 0) + 1;
    }
    console.log(f, counts, un);
  }
});
