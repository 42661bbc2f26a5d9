import { StateError, ValueError } from "@dl/registry";
import { tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { packCheckpoint, restoreCheckpoint, unpackCheckpoint } from "../io/checkpoint.js";
import { Module } from "../module/module.js";
import { parameter } from "../module/parameter.js";
import { Adam, NAdam, SGD } from "./index.js";
import type { OptimizerState } from "./index.js";
import { makers, start, walk } from "./test-bowl.js";

/** All but the tensors as it comes back from a file. */
function throughJson({ tensors, ...plain }: OptimizerState): OptimizerState {
  return { ...(JSON.parse(JSON.stringify(plain)) as typeof plain), tensors };
}

describe("state", () => {
  test.each(makers)("MLP-07 %s continues bit for bit", (_, make) => {
    const whole = start();
    const wanted = walk(make([whole]), whole, 16);
    const w = start();
    const first = make([w]);
    expect(walk(first, w, 7)).toStrictEqual(wanted.slice(0, 7));
    const state = throughJson(first.stateDict());
    const copy = parameter(w);
    walk(first, w, 1);
    const second = make([copy]);
    second.loadStateDict(state);
    expect(walk(second, copy, 9)).toStrictEqual(wanted.slice(7));
  });

  test("MLP-07 the product of NAdam's momenta goes through a checkpoint", async () => {
    class Bowl extends Module {
      w = start();
      forward(x: Tensor): Tensor { return x.mul(this.w); }
    }
    const [model, later] = [new Bowl(), new Bowl()];
    const [optimizer, continued] = [new NAdam(model.parameters(), { lr: 0.1 }), new NAdam(later.parameters(), { lr: 0.1 })];
    walk(optimizer, model.w, 3);
    optimizer.groups[0].betas = [0.5, 0.9];
    restoreCheckpoint(await unpackCheckpoint(await packCheckpoint({ model, optimizer })), { model: later, optimizer: continued });
    continued.groups[0].betas = [0.5, 0.9];
    expect(walk(continued, later.w, 4)).toStrictEqual(walk(optimizer, model.w, 4));
  });

  test("of NAdam without its products is refused, and changes nothing", () => {
    const w = start();
    const optimizer = new NAdam([w]);
    const fresh = optimizer.stateDict();
    walk(optimizer, w, 2);
    const state = optimizer.stateDict();
    for (const muProducts of [undefined, [], [2], ["1"]]) {
      const altered = { ...fresh, groups: fresh.groups.map((group) => ({ ...group, muProducts })) };
      expect(() => { optimizer.loadStateDict(altered); }).toThrow(ValueError);
    }
    expect(() => { optimizer.loadStateDict({ ...state, name: "Adam" }); }).toThrow(StateError);
    expect(optimizer.stateDict().groups).toStrictEqual(state.groups);
  });

  test("is refused by another optimizer or other groups, and changes nothing", () => {
    const w = start();
    const adam = new Adam([w], { lr: 0.25 });
    walk(adam, w, 2);
    const state = adam.stateDict();
    expect(() => { new SGD([w]).loadStateDict(state); }).toThrow(/SGD\.loadStateDict: the state is of "Adam"/);
    expect(() => { new Adam([w, start()]).loadStateDict(state); }).toThrow(/groups of 1 parameters, this optimizer of 2/);
    const other = new Adam([parameter(tensor([1, 2, 3], { dtype: "float64" }))]);
    expect(() => { other.loadStateDict(state); }).toThrow(/"0\.exp_avg" has shape \[3\] here and \[2\] in the state/);
    expect(other.groups[0].lr).toBe(0.001);
    expect(other.stateDict().tensors.size).toBe(0);
  });
});
