import { DataLoader, moons, trainValTestSplit } from "@dl/data";
import { chart } from "@dl/figures";
import { Adam, MLP } from "@dl/nn";
import type { TensorModule } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { classifierTrainer } from "../classifier.js";
import { defineCalculation } from "../define-calculation.js";
import { percent } from "../generalization/text-table.js";
import { accuracyOn } from "../generalization/training.js";

const widths = [1, 2, 4, 16, 64];

/** Chapter 4: one part of the data fits the weights, another chooses among models, and the third says once how good the chosen one is. */
export const heldOutData = /* @__PURE__ */ defineCalculation({
  name: "held-out-data",
  title: "Training, validation and test data",
  chapter: 4,
  calculate: async (seed) => {
    const data = moons({ samples: 600, noise: 0.25, seed });
    const labels = await data.y.data();
    // Parts that share no sample: 50 % to fit, 25 % to choose by, 25 % to judge.
    const parts = trainValTestSplit(data, { validation: 0.25, test: 0.25, labels, seed });

    const tried: { readonly width: number; readonly model: TensorModule; readonly train: number; readonly validation: number }[] = [];
    for (const width of widths) {
      const model = new MLP([2, width, 2], { generator: new Generator(seed) });
      const trainer = classifierTrainer(model, new Adam(model.parameters(), { lr: 0.02 }));
      await trainer.fit(new DataLoader(parts.train, { batchSize: 32, shuffle: true, seed }), { epochs: 30 });
      tried.push({ width, model, train: await accuracyOn(model, parts.train, 2), validation: await accuracyOn(model, parts.validation, 2) });
    }

    // The test set is looked at once, when nothing is left to choose: otherwise it would choose, too.
    const best = tried.reduce((chosen, next) => (next.validation > chosen.validation ? next : chosen));
    const test = await accuracyOn(best.model, parts.test, 2);
    return {
      text: [
        `${parts.train.length} samples to fit, ${parts.validation.length} to choose by, ${parts.test.length} to judge`,
        ...tried.map(({ width, train, validation }) => `${String(width).padStart(2)} hidden units: ${percent(train)} of the training set, ${percent(validation)} of the validation set`),
        `Chosen: ${best.width} hidden units. On the test set, which nobody looked at before: ${percent(test)}.`,
      ],
      numbers: { width: best.width, validation: best.validation, test, narrowest: tried[0].validation },
      figures: {
        widths: chart({
          title: "Wider networks on two moons",
          x: { label: "hidden units, binary logarithm" },
          y: { label: "accuracy" },
          series: (["train", "validation"] as const).map((name) => ({ name, points: tried.map((own) => [Math.log2(own.width), own[name]] as const), style: "path" as const })),
          legend: "bottom",
        }),
      },
    };
  },
});
