// Transforms of images against torchvision.
import type { Tensor } from "@dl/tensor";
import { GaussianBlur, functional } from "@dl/vision";
import { describe, expect, test } from "vitest";
import { expectClose, readFixture } from "./fixture.js";

type Four = readonly [number, number, number, number];
type Corners = readonly (readonly [number, number])[];

/** What is required by one function or another; each case has its own. */
interface Given {
  readonly angle: number;
  readonly factor: number;
  readonly kernelSize: readonly [number, number];
  readonly sigma: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly numOutputChannels: number;
  readonly padding: number | readonly number[];
  readonly size: number | readonly number[];
  readonly startpoints: Corners;
  readonly endpoints: Corners;
  readonly value: number;
  readonly window: Four;
}

type Options = Given & functional.RotateOptions & functional.ResizeOptions & functional.PaddingOptions;

type Apply = (image: Tensor, options: Options, tensors: Readonly<Record<string, Tensor>>) => Tensor;

const { crop, erase, resizedCrop } = functional;

const transforms: Readonly<Record<string, Apply>> = {
  rotate: (image, { angle, ...options }) => functional.rotate(image, angle, options),
  affine: (image, options) => functional.affine(image, options),
  perspective: (image, { startpoints, endpoints, ...options }) => functional.perspective(image, startpoints, endpoints, options),
  resize: (image, { size, ...options }) => functional.resize(image, size, options),
  resizedCrop: (image, { window: [top, left, height, width], size, ...options }) => resizedCrop(image, top, left, height, width, size, options),
  crop: (image, { window: [top, left, height, width] }) => crop(image, top, left, height, width),
  centerCrop: (image, { size }) => functional.centerCrop(image, size),
  pad: (image, { padding, ...options }) => functional.pad(image, padding, options),
  adjustBrightness: (image, { factor }) => functional.adjustBrightness(image, factor),
  adjustContrast: (image, { factor }) => functional.adjustContrast(image, factor),
  adjustSaturation: (image, { factor }) => functional.adjustSaturation(image, factor),
  adjustHue: (image, { factor }) => functional.adjustHue(image, factor),
  rgbToGrayscale: (image, { numOutputChannels }) => functional.rgbToGrayscale(image, numOutputChannels),
  normalize: (image, { mean, std }) => functional.normalize(image, mean, std),
  horizontalFlip: functional.horizontalFlip,
  verticalFlip: functional.verticalFlip,
  gaussianBlur: (image, { kernelSize, sigma }) => new GaussianBlur(kernelSize, { sigma }).forward(image),
  erase: (image, { window: [top, left, height, width], value }, tensors) => erase(image, top, left, height, width, "value" in tensors ? tensors.value : value),
  elastic: (image, options, { displacement }) => functional.elastic(image, displacement, options),
};

const cases = readFixture<Options>("transforms");

describe.each(Object.keys(transforms))("CNN-06 %s", (name) => {
  const own = cases.filter((one) => one.name === name);

  test.each([["float64", 1e-6], ["float32", 1e-5]] as const)(`${own.length} cases as torchvision computes them, in %s`, (dtype, tolerance) => {
    expect(own.length).toBeGreaterThan(0);
    for (const { options, tensors: { image, result, ...others } } of own) {
      const rest = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, value.to(dtype)]));
      expectClose(transforms[name](image.to(dtype), options, rest).to("float32"), result, tolerance, `${name} with ${JSON.stringify(options)}`);
    }
  });
});
