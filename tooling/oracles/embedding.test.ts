import { backward } from "@dl/autograd";
import { Embedding, EmbeddingBag } from "@dl/nn";
import type { EmbeddingBagOptions, EmbeddingOptions } from "@dl/nn";
import { tensor } from "@dl/tensor";
import type { Nested, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, fillParameters, readFixture, wave } from "./fixture.js";

type EmbeddingCase = {
  readonly index: Nested;
  readonly offsets: readonly number[] | null;
  readonly weighted: boolean;
} & ({ readonly kind: "Embedding"; readonly layer: EmbeddingOptions } | { readonly kind: "EmbeddingBag"; readonly layer: EmbeddingBagOptions });

const whole = (values: Nested): Tensor => tensor(values, { dtype: "int32" });

describe("embeddings against PyTorch (TXT-02)", () => {
  test.each(readFixture<EmbeddingCase>("embedding").map((oracle) => [oracle.name, oracle] as const))("%s", (_, { options, tensors }) => {
    const index = whole(options.index);
    const model = options.kind === "Embedding" ? new Embedding(6, 3, { ...options.layer, dtype: "float64" }) : new EmbeddingBag(6, 3, { ...options.layer, dtype: "float64" });
    fillParameters(model, 1);
    const weights = options.weighted ? wave(index.shape, { requiresGrad: true }) : undefined;
    const offsets = options.offsets === null ? undefined : whole(options.offsets);
    const output = model instanceof Embedding ? model.forward(index) : model.forward(index, offsets, weights);
    expectClose(output, tensors.output, 1e-12);

    backward(output.mul(wave(output.shape)).sum());
    const gradients = { weight: model.weight.grad, ...(weights && { perSampleWeights: weights.grad }) };
    for (const [name, grad] of Object.entries(gradients)) {
      expect(grad, `the gradient of ${name}`).not.toBeNull();
      if (grad !== null) expectClose(grad, tensors[`grad ${name}`], 1e-12, `the gradient of ${name}`);
    }
  });
});
