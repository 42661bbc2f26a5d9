import { grad } from "@dl/autograd";
import { nn } from "@dl/nn";
import type { Module } from "@dl/nn";
import { createRegistry } from "@dl/registry";
import { isTensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, fillParameters, readFixture, wave } from "./fixture.js";
import type { OracleCase } from "./fixture.js";

interface Options {
  readonly layer: string;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly shape: readonly number[];
}

const registry = createRegistry(nn);
const isModule = (value: object): value is Module & { forward(x: Tensor): Tensor } => "stateDict" in value;

function build({ layer, args, options }: Options): Module & { forward(x: Tensor): Tensor } {
  const made: object = registry.build({ type: `nn/${layer}`, args: Object.keys(options).length > 0 ? [...args, options] : [...args] });
  if (!isModule(made)) throw new Error(`${layer} is no module`);
  return made;
}

function compare({ options, tensors }: OracleCase<Options>, dtype: "float32" | "float64", tolerance: number): void {
  const layer = fillParameters(build(options).to(dtype), 0.5);
  const close = (actual: Tensor, key: string): void => { expectClose(actual, tensors[key], tolerance, key); };
  const first = wave(options.shape, { scale: 2, dtype });
  layer.forward(first);
  const x = wave(options.shape, { scale: 2, phase: 3, dtype, requiresGrad: true });
  const output = layer.forward(x);
  close(output, "output");
  const named = layer.namedParameters();
  const [gradInput, ...rest] = grad(output, [x, ...named.map(([, p]) => p)], { gradOutputs: [wave(output.shape, { phase: 7, dtype })] });
  close(gradInput, "gradInput");
  named.forEach(([key], i) => { close(rest[i], `grad.${key}`); });
  const buffers = layer.namedBuffers();
  for (const [key, value] of buffers) if (isTensor(value)) close(value, `state.${key}`);
  expect(Object.keys(tensors).filter((key) => key.startsWith("state.")).sort()).toEqual(buffers.map(([key]) => `state.${key}`).sort());
  layer.eval();
  close(layer.forward(first), "evaluated");
}

describe("normalisations and activations against PyTorch (CNN-08, TRF-04, LIN-06)", () => {
  const cases = readFixture<Options>("normalisation").map((own) => [own.name, own] as const);

  test.each(cases)("%s in float64", (_, own) => { compare(own, "float64", 1e-10); });
  test.each(cases)("%s in float32", (_, own) => { compare(own, "float32", 1e-5); });
});
