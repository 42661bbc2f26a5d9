import { FormatError, ValueError } from "@dl/registry";
import { tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Linear } from "../layers/index.js";
import { packCheckpoint, unpackCheckpoint } from "./index.js";
import { fromPlain, toPlain } from "./plain.js";

describe("the state in a checkpoint", () => {
  test("keeps plain data exactly, through JSON", () => {
    const data = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, fc.double(), fc.string(), fc.boolean(), fc.constant(null), tie("list"), tie("object"), tie("map")),
      list: fc.array(tie("value"), { maxLength: 4 }),
      object: fc.dictionary(fc.string().filter((key) => !key.startsWith("$") && key !== "__proto__"), tie("value"), { maxKeys: 4, noNullPrototype: true }),
      map: fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
    })).value;
    fc.assert(fc.property(data, (value) => {
      expect(fromPlain(JSON.parse(JSON.stringify(toPlain(value, "state", new Map()))), new Map())).toStrictEqual(value);
    }));
  });

  test("carries tensors, as they were when it was saved", async () => {
    const average = tensor([1.5, -2]);
    const state = { best: Infinity, worst: [NaN, -0], ema: new Map([["weight", average]]), list: [{ count: tensor([7], { dtype: "int32" }) }] };
    const packed = packCheckpoint({ model: new Linear(1, 1), state });
    average.assign(tensor([9, 9]));
    state.best = 3;
    const { state: found } = await unpackCheckpoint(await packed);
    expect(found).toMatchObject({ best: Infinity, worst: [NaN, -0] });
    const { ema, list } = found as { readonly ema: Map<string, Tensor>; readonly list: readonly { readonly count: Tensor }[] };
    expect(ema.get("weight")?.toArray()).toStrictEqual([1.5, -2]);
    expect(list[0].count).toMatchObject({ dtype: "int32", shape: [1] });
    expect(list[0].count.item()).toBe(7);
  });

  test("tells tensors apart whose paths are alike", async () => {
    const state = { "a.b": tensor([1]), a: { b: tensor([2]) } };
    const { state: found } = await unpackCheckpoint(await packCheckpoint({ model: new Linear(1, 1), state }));
    expect(found).toMatchObject({ "a.b": { id: expect.any(Number) as number } });
    const read = found as typeof state;
    expect([read["a.b"].item(), read.a.b.item()]).toStrictEqual([1, 2]);
  });

  test.each<[string, unknown, RegExp]>([
    ["a function", { callback: () => 1 }, /state\.callback is function, which a file cannot hold/],
    ["an instance", [new Date(0)], /state\.0 is an instance of Date/],
    ["a name that is taken", { deep: { $tensor: 1 } }, /state\.deep has a key "\$tensor"/],
  ])("refuses %s", async (_, state, message) => {
    await expect(packCheckpoint({ model: new Linear(1, 1), state })).rejects.toThrow(ValueError);
    await expect(packCheckpoint({ model: new Linear(1, 1), state })).rejects.toThrow(message);
  });

  test("misses a tensor that is not there", () => {
    expect(() => fromPlain({ $tensor: "state.ema" }, new Map())).toThrow(FormatError);
  });
});
