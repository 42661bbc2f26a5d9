import { grad } from "@dl/autograd";
import * as ops from "@dl/tensor";
import type { ConvOptions, ConvTransposeOptions, PerDim, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, readFixture, wave } from "./fixture.js";
import type { OracleCase } from "./fixture.js";

interface Options {
  readonly op: string;
  readonly shapes: readonly (readonly number[])[];
  readonly kernelSize: PerDim;
  readonly outputSize: PerDim;
  readonly normType: number;
}

/** How each op of the fixture is called; what is left of the options is the op's own. */
function call({ op, shapes: _, kernelSize, outputSize, normType, ...options }: Options, [x, w, bias]: readonly Tensor[]): Tensor {
  if (op.startsWith("convTranspose")) {
    const named: Readonly<Record<string, typeof ops.convTranspose1d>> = { convTranspose1d: ops.convTranspose1d, convTranspose2d: ops.convTranspose2d, convTranspose3d: ops.convTranspose3d };
    return named[op](x, w, { ...(options as ConvTransposeOptions), bias });
  }
  if (op.startsWith("conv")) {
    const named: Readonly<Record<string, typeof ops.conv1d>> = { conv1d: ops.conv1d, conv2d: ops.conv2d, conv3d: ops.conv3d };
    return named[op](x, w, { ...(options as ConvOptions), ...((bias as Tensor | undefined) && { bias }) });
  }
  const pools: Readonly<Record<string, () => Tensor>> = {
    maxPool1d: () => ops.maxPool1d(x, kernelSize, options),
    maxPool2d: () => ops.maxPool2d(x, kernelSize, options),
    maxPool3d: () => ops.maxPool3d(x, kernelSize, options),
    avgPool1d: () => ops.avgPool1d(x, kernelSize, options),
    avgPool2d: () => ops.avgPool2d(x, kernelSize, options),
    avgPool3d: () => ops.avgPool3d(x, kernelSize, options),
    lpPool1d: () => ops.lpPool1d(x, normType, kernelSize, options),
    lpPool2d: () => ops.lpPool2d(x, normType, kernelSize, options),
    adaptiveAvgPool1d: () => ops.adaptiveAvgPool1d(x, outputSize),
    adaptiveAvgPool2d: () => ops.adaptiveAvgPool2d(x, outputSize),
    adaptiveAvgPool3d: () => ops.adaptiveAvgPool3d(x, outputSize),
    adaptiveMaxPool1d: () => ops.adaptiveMaxPool1d(x, outputSize),
    adaptiveMaxPool2d: () => ops.adaptiveMaxPool2d(x, outputSize),
    adaptiveMaxPool3d: () => ops.adaptiveMaxPool3d(x, outputSize),
    im2col: () => ops.im2col(x, kernelSize, options),
    col2im: () => ops.col2im(x, outputSize, kernelSize, options),
  };
  return pools[op]();
}

const all = readFixture<Options>("windows");
const cases = all.filter(({ options }) => !options.op.startsWith("indices"));
const named = (list: readonly OracleCase<Options>[]) => list.map((own) => [own.name, own] as const);

function compare({ options, tensors }: OracleCase<Options>, dtype: "float32" | "float64", tolerance: number): void {
  const inputs = options.shapes.map((shape, i) => wave(shape, { phase: 100 * i, dtype, requiresGrad: true }));
  const output = call(options, inputs);
  expectClose(output, tensors.output, tolerance, "the output");
  const gradients = grad(output, inputs, { gradOutputs: [wave(output.shape, { phase: 7, dtype })] });
  gradients.forEach((gradient, i) => { expectClose(gradient, tensors[`grad${i}`], tolerance, `gradient ${i}`); });
}

describe("convolutions and pools against PyTorch (CNN-01, CNV-03, CNV-04, CNV-05)", () => {
  test("there are at least 60 configurations of each kind", () => {
    const count = (kind: RegExp): number => cases.filter(({ options }) => kind.test(options.op)).length;
    expect(count(/^conv/)).toBeGreaterThanOrEqual(60);
    expect(count(/Pool/)).toBeGreaterThanOrEqual(40);
  });

  test.each(named(cases))("%s in float64", (_, own) => { compare(own, "float64", 1e-10); });
  test.each(named(cases))("%s in float32", (_, own) => { compare(own, "float32", 1e-5); });

  test.each(named(all.filter(({ options }) => options.op.startsWith("indices"))))("%s of max pools, and unpooling", (_, { options: { op, shapes }, tensors }) => {
    const x = wave(shapes[0]);
    const [pool, unpool] = ({
      indices1: [ops.maxPool1dWithIndices, ops.maxUnpool1d],
      indices2: [ops.maxPool2dWithIndices, ops.maxUnpool2d],
      indices3: [ops.maxPool3dWithIndices, ops.maxUnpool3d],
    } as const)[op as "indices1" | "indices2" | "indices3"];
    const { values, indices } = pool(x, 2);
    // The sines of the two languages may differ in their last bit.
    expectClose(values, tensors.values, 1e-15, "values");
    expectClose(indices, tensors.indices, 0, "indices");
    expectClose(unpool(values, indices, 2, { outputSize: x.shape.slice(2) }), tensors.back, 1e-15, "what unpooling gives");
  });
});
