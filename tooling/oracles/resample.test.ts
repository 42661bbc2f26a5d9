import { grad } from "@dl/autograd";
import { affineGrid, channelShuffle, gridSample, interpolate, pixelShuffle, pixelUnshuffle } from "@dl/tensor";
import type { GridSampleOptions, InterpolateOptions, Shape, Tensor } from "@dl/tensor";
import { describe, test } from "vitest";
import { expectClose, readFixture, wave } from "./fixture.js";
import type { OracleCase } from "./fixture.js";

/** Everything that some op of the fixture takes. */
interface Arguments {
  readonly factor: number;
  readonly size: Shape;
  readonly alignCorners: boolean;
}

interface Options {
  readonly op: string;
  readonly shapes: readonly Shape[];
  /** Of the second input, the grid. */
  readonly scale: number;
  readonly options: Arguments & Omit<InterpolateOptions, "mode" | "size"> & GridSampleOptions;
}

const ops: Readonly<Record<string, (inputs: readonly Tensor[], options: Options["options"]) => Tensor>> = {
  interpolate: ([x], options) => interpolate(x, options),
  gridSample: ([x, grid], options) => gridSample(x, grid, options),
  affineGrid: ([theta], { size, alignCorners }) => affineGrid(theta, size, { alignCorners }),
  pixelShuffle: ([x], { factor }) => pixelShuffle(x, factor),
  pixelUnshuffle: ([x], { factor }) => pixelUnshuffle(x, factor),
  channelShuffle: ([x], { factor }) => channelShuffle(x, factor),
};

function compare({ options: { op, shapes, scale, options }, tensors }: OracleCase<Options>): void {
  const inputs = shapes.map((shape, i) => wave(shape, { scale: i === 1 ? scale : 1, phase: 10 * i, requiresGrad: true }));
  const output = ops[op](inputs, options);
  expectClose(output, tensors.output, 1e-10, "output");
  // Nearest neighbours depend on no grid: PyTorch's gradient of zeros is none here.
  const gradients = grad(output, inputs, { gradOutputs: [wave(output.shape, { phase: 7 })], allowUnused: true });
  gradients.forEach((gradient, i) => { expectClose(gradient, tensors[`grad${i}`], 1e-10, `grad${i}`); });
}

describe("resampling against PyTorch (SEG-03)", () => {
  test.each(readFixture<Options>("resample").map((own) => [own.name, own] as const))("%s", (_, own) => { compare(own); });
});
