import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apply } from "./change.js";
import { newLayer } from "./layer.js";
import { Misuse, kebab } from "./names.js";
import { newOp } from "./op.js";
import { newPlugin } from "./plugin.js";
import { Scratch } from "./scratch.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const patience = 120_000;

/** Runs the suites over what was generated, through the lists that the generators extended. */
const program = `
import { layerExamples } from "@dl/nn";
import * as nn from "@dl/nn";
import { softClamp } from "@dl/tensor";
import { core, coreExamples, coreOps } from "@dl/tensor/ops";
import { runChecks, testLayer, testOp, testPlugin } from "@dl/testing";
import { bell, examples, acme } from "../../../acme-bell/src/index.js";

const own = layerExamples().filter((example) => example.layer() instanceof nn.ScaleUp);
const results = await runChecks([
  ...testOp(coreOps()["softClamp"], coreExamples()),
  ...own.flatMap((example) => testLayer(example, { plugins: [core, nn.nn] })),
  ...testPlugin(acme, { examples }),
]);
const failed = results.filter(({ outcome }) => outcome !== "passed");
console.log(JSON.stringify({ ops: softClamp === coreOps()["softClamp"], layers: own.length, bell: bell.name, passed: results.length - failed.length, failed }));
`;

describe("what the generators write", () => {
  let scratch: Scratch;
  beforeAll(() => {
    scratch = new Scratch();
    apply(newOp(scratch.root, "softClamp"));
    apply(newLayer(scratch.root, "ScaleUp"));
    apply(newPlugin(scratch.root, join(scratch.root, "acme-bell"), "acme-bell"));
    scratch.link("acme-bell");
    scratch.write("packages/testing/src/generated.ts", program);
    scratch.write("tsconfig.json", JSON.stringify({ extends: "./tsconfig.base.json", include: ["packages/*/src"] }));
  }, patience);
  afterAll(() => { scratch.remove(); });

  test("type-checks under strict", () => {
    expect(scratch.typecheck("tsconfig.json")).toBe("");
    expect(scratch.typecheck("acme-bell", "--customConditions", "@dl/source", "--types", "node")).toBe("");
  }, patience);

  test("passes the suites as generated", () => {
    const found = JSON.parse(scratch.execute("packages/testing/src/generated.ts")) as { readonly passed: number };
    expect(found).toEqual({ ops: true, layers: 1, bell: "bell", passed: expect.any(Number) as number, failed: [] });
    expect(found.passed).toBeGreaterThan(40);
  }, patience);

  test("is refused a second time", () => {
    expect(() => newOp(scratch.root, "softClamp")).toThrow(/soft-clamp\.ts is there already/);
    expect(() => newLayer(scratch.root, "ScaleUp")).toThrow(/scale-up\.ts is there already/);
    expect(() => newPlugin(scratch.root, join(scratch.root, "acme-bell"), "acme-bell")).toThrow(/acme-bell is there already/);
  });

  test("is refused when something of that name exists elsewhere", () => {
    expect(() => newOp(scratch.root, "matmul")).toThrow(Misuse);
    expect(() => newOp(scratch.root, "gelu")).toThrow(/"gelu" is there already, in .*(activation|public-ops)\.ts/);
    expect(() => newLayer(scratch.root, "Dense")).toThrow(/"Dense" is there already/);
  });
});

describe("names", () => {
  const plans: Readonly<Record<string, (name: string) => unknown>> = {
    op: (name) => newOp(root, name),
    layer: (name) => newLayer(root, name),
    plugin: (name) => newPlugin(root, join(root, "..", name), name),
  };

  test.each([
    ["op", "Soft"], ["op", "soft-clamp"], ["op", "2soft"], ["op", ""], ["op", "delete"], ["op", "../x"],
    ["layer", "soft"], ["layer", "Soft Clamp"], ["plugin", "acme"], ["plugin", "Acme-bell"], ["plugin", "new-bell"], ["plugin", "acme-new"],
    ["plugin", "bell-bell"], ["plugin", "acme-gelu"],
  ])("%s %j is refused", (kind, name) => {
    expect(() => plans[kind](name)).toThrow(Misuse);
  });

  test.each([[["op", "Soft"]], [["thing", "soft"]], [["op"]], [["op", "soft", "folder"]], [[]]])("misuse %j is one line and exit code 2", (args) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, ["--import", "tsx", "tooling/generators/main.ts", ...args], { cwd: root, encoding: "utf8" });
    expect({ status, stdout, lines: stderr.trim().split("\n").length }).toEqual({ status: 2, stdout: "", lines: 1 });
  });

  test("files are named in kebab case", () => {
    expect(["relu", "softClamp", "Conv2d", "MLP", "LSTMCell", "ScaleUp"].map(kebab)).toEqual(["relu", "soft-clamp", "conv2d", "mlp", "lstm-cell", "scale-up"]);
  });
});
