import { TensorDataset } from "@dl/data";
import { Adam, packCheckpoint } from "@dl/nn";
import type { TensorModule } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { trainFor } from "../generalization/training.js";
import { methods } from "./methods.js";
import { freshCnn } from "./pretrained.js";

const network = { channels: [2, 3, 4] };

const noise = new TensorDataset({
  x: { dtype: "float32", shape: [10, 1, 28, 28], data: Float32Array.from({ length: 7840 }, (_, i) => Math.abs(Math.sin(i * i))) },
  y: { dtype: "int32", shape: [10], data: Int32Array.from({ length: 10 }, (_, i) => i % 5) },
});

async function weights(model: TensorModule): Promise<Map<string, readonly number[]>> {
  return new Map(await Promise.all(model.namedParameters().map(async ([key, value]) => [key, Array.from(await value.data(), Number)] as const)));
}

describe("what three steps change", () => {
  const [blocks, head] = [["0.0", "1.0", "2.0"], ["3.1"]];
  test.each([
    ["FT-02", "all", [...blocks, ...head], [4e-3 / 2.6 ** 3, 4e-3 / 2.6 ** 2, 4e-3 / 2.6, 4e-3]],
    ["FT-03", "head", head, [4e-3]],
    ["FT-04", "upper", ["2.0", ...head], [4e-3, 4e-3]],
  ])("%s %s", async (_, key, learnt, rates) => {
    const pretrained = freshCnn(network, new Generator(1));
    const before = await weights(pretrained);
    const method = methods.find((own) => own.key === key) ?? methods[0];
    const { model, groups } = await method.begin({ files: await packCheckpoint({ model: pretrained }), network, lr: 4e-3, generator: new Generator(2) });
    expect(groups.map(({ lr }) => lr)).toEqual(rates);
    const start = await weights(model);
    // Convolutions come from the files, the last layer does not.
    for (const [name, values] of start) expect(values.join() === before.get(name)?.join(), name).toBe(!name.startsWith("3."));

    await trainFor(model, new Adam(groups), noise, { steps: 3, batchSize: 5, seed: 0 });
    const changed = [...(await weights(model))].flatMap(([name, values]) => (values.join() === start.get(name)?.join() ? [] : [name]));
    expect(changed).toEqual(learnt.flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]));
  });
});
