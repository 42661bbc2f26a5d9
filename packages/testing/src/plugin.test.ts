import { Layer, Linear } from "@dl/nn";
import { definePlugin } from "@dl/registry";
import type { Plugin } from "@dl/registry";
import { elementwise, example } from "@dl/tensor";
import type { Example, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { runChecks } from "./check.js";
import { testPlugin } from "./plugin.js";
import type { PluginOptions } from "./plugin.js";
import { bindSuite } from "./vitest.js";

const softsign = elementwise("softsign", (x) => x.div(x.abs().add(1)));
const examples = (): Example[] => [example(softsign, { shapes: [[2, 3]] }), example(softsign, { inputs: [[-1, 3]], expect: [-0.5, 0.75] })];

class Softsign extends Layer {
  static readonly type = "acme/Softsign";
  constructor() { super([]); }
  forward(x: Tensor): Tensor { return softsign(x); }
}

const acme = definePlugin({ name: "acme-softsign", contract: 1, ops: { softsign }, layers: { Softsign } });

bindSuite("a sound plugin (SYS-02, SYS-03)", testPlugin(acme, { examples }));

async function faultsOf(plugin: Plugin, options: PluginOptions = {}): Promise<Record<string, string>> {
  const results = await runChecks(testPlugin(plugin, options));
  return Object.fromEntries(results.filter(({ outcome }) => outcome === "failed").map(({ name, message }) => [name, message]));
}

describe("planted faults in plugins (SYS-03)", () => {
  test("an op without examples", async () => {
    const swish = elementwise("swish", (x) => x.mul(x.sigmoid()));
    const found = await faultsOf({ ...acme, ops: { softsign, swish } }, { examples });
    expect(found).toEqual({ "swish: has examples": expect.stringContaining("swish: the op has no examples") as string });
  });

  test("an example of somebody else's op", async () => {
    const other = elementwise("other", (x) => x.neg());
    const found = await faultsOf(acme, { examples: () => [...examples(), example(other, { shapes: [[2]] })] });
    expect(found["acme-softsign: examples are of its own ops"]).toContain('an example is of "other"');
  });

  test("an op under another name, and a plain function", async () => {
    const found = await faultsOf({ name: "acme", contract: 1, ops: { sign: softsign, plain: (x: Tensor) => x } }, { examples });
    expect(found["acme: ops.sign is an op of that name"]).toContain('the op calls itself "softsign"');
    expect(found["acme: ops.plain is an op of that name"]).toContain("it is a plain function");
  });

  test("another contract", async () => {
    expect((await faultsOf({ name: "acme", contract: 2 }))["acme: fits the contract"]).toContain("the plugin speaks contract 2");
  });

  test("a layer's type that is not its name, and one that is taken", async () => {
    class Clone extends Layer {
      static readonly type = "acme/Softsign";
      constructor() { super([]); }
      forward(x: Tensor): Tensor { return x; }
    }
    const found = await faultsOf({ name: "copycat", contract: 1, layers: { Clone } }, { plugins: [acme] });
    expect(found["copycat: layers.Clone has a type of its own"]).toContain('its type is "acme/Softsign"');
    expect(found["copycat: composes with other plugins"]).toContain('layer "acme/Softsign" is in both "acme-softsign" and "copycat"');
  });

  test("a layer that needs arguments and has no example", async () => {
    const plugin = { name: "linear", contract: 1, layers: { Linear } };
    expect(await faultsOf(plugin)).toEqual({ "nn/Linear: has examples": expect.stringContaining("the layer has no example") as string });
    expect(await faultsOf(plugin, { layers: () => [{ layer: () => new Linear(3, 2), shapes: [[2, 3]], outputShape: [2, 2] }] })).toEqual({});
  });
});
