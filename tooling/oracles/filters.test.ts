// Filters of images against SciPy.
import type { Tensor } from "@dl/tensor";
import { filter2d, gaussianBlur, laplacian, medianBlur, prewitt, sobel } from "@dl/vision";
import type { EdgeOptions, Filter2dOptions, GaussianBlurOptions, MedianBlurOptions } from "@dl/vision";
import { describe, expect, test } from "vitest";
import { expectClose, readFixture } from "./fixture.js";

type Options = Filter2dOptions & EdgeOptions & GaussianBlurOptions & MedianBlurOptions;

const filters: Readonly<Record<string, (image: Tensor, options: Options, kernel: Tensor) => Tensor>> = {
  xcorr: (image, options, kernel) => filter2d(image, kernel, options),
  conv: (image, options, kernel) => filter2d(image, kernel, options),
  sobel,
  prewitt,
  laplacian,
  gaussianBlur,
  medianBlur,
};

const cases = readFixture<Options>("filters");

describe.each(Object.keys(filters))("CNV-01 CNV-02 CNV-03 CNV-06 %s", (name) => {
  const own = cases.filter((one) => one.name === name);

  test(`${own.length} cases as SciPy computes them`, () => {
    expect(own.length).toBeGreaterThan(0);
    for (const { options, tensors } of own) {
      expectClose(filters[name](tensors.image.unsqueeze(0), options, tensors.kernel).squeeze(0), tensors.result, 1e-12, `${name} with ${JSON.stringify(options)}`);
    }
  });
});
