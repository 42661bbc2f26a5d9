import type { Photos } from "@dl/data";
import { chart } from "@dl/figures";
import type { Point } from "@dl/figures";
import { psnr } from "@dl/metrics";
import { Generator, randn } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { filter2d, gaussianBlur, gaussianKernel, gaussianSteps, medianBlur, sobel, toImage, unsharp } from "@dl/vision";
import { defineDataCalculation } from "../define-calculation.js";
import { closeUp, saltAndPepper } from "./photographs.js";

const sizes = [3, 5, 19];
const sigmas = [0.4, 0.6, 0.8, 1, 1.2, 1.5, 2, 2.5, 3, 4];

/** Wide enough that what is cut off weighs next to nothing. */
const blurBy = (image: Tensor, sigma: number): Tensor => gaussianBlur(image, { size: 2 * Math.ceil(3 * sigma) + 1, sigma });

const overSigma = (points: readonly Point[]): string =>
  chart({ title: "A noisy photograph, smoothed", x: { label: "σ, pixels" }, y: { label: "PSNR, dB" }, series: [{ name: "smoothed", points, style: "path" }] });

const shown = (numbers: readonly number[], places: number): string => numbers.map((value) => value.toFixed(places)).join("  ");

/** Chapter 5: a mean of each pixel and those around it, which counts near ones more, takes noise away, and edges a little, too. */
export const smoothing = /* @__PURE__ */ defineDataCalculation<Photos>({
  name: "smoothing",
  title: "Gaussian smoothing, step by step",
  chapter: 5,
  dataset: "photos",
  calculate: (photos, seed) => {
    const photo = toImage(photos.camera);
    const quality = (image: Tensor): number => psnr(image.dataSync(), photo.dataSync());
    const steepest = (image: Tensor): number => sobel(image).max().item();

    // 1. A grid around 0; 2. its weights exp(−(x² + y²)/2σ²); 3. divided by their sum; 4. laid on every pixel of the image.
    const { grid, weights, kernel } = gaussianSteps(5, 1);
    const total = weights.flat().reduce((sum, weight) => sum + weight, 0);
    const smooth = gaussianBlur(photo, { size: 5, sigma: 1 });

    // exp(−(x² + y²)/2σ²) is a product: a row of weights, then a column of them, is the same as the square at once.
    const apart = gaussianBlur(photo, { size: 19, sigma: 3 }).sub(filter2d(photo, gaussianKernel(19, 3))).abs().max().item();

    const generator = new Generator(seed);
    const noisy = photo.add(randn(photo.shape, { generator }).mul(0.1)).clamp(0, 1);
    const speckled = saltAndPepper(photo, generator);
    const [restored, blurred, cleaned] = [blurBy(noisy, 1), blurBy(speckled, 1), medianBlur(speckled)];
    const sharp = unsharp(smooth, { size: 5, sigma: 1, amount: 1.5 }).clamp(0, 1);

    const numbers = {
      centre: kernel[2][2], corner: kernel[0][0], apart,
      noisy: quality(noisy), restored: quality(restored), speckled: quality(speckled), blurred: quality(blurred), cleaned: quality(cleaned),
      steep: steepest(photo), smoothSteep: steepest(smooth), sharpSteep: steepest(sharp),
    };
    return {
      text: [
        `1. Distances from the middle: ${grid.join(", ")}`,
        `2. Weights exp(−(x² + y²)/2), the middle row: ${shown(weights[2], 4)}`,
        `3. Divided by their sum, ${total.toFixed(4)}:     ${shown(kernel[2], 4)}`,
        `4. Laid on every pixel: Sobel's kernels give ${numbers.smoothSteep.toFixed(2)} at the steepest edge, ${numbers.steep.toFixed(2)} before.`,
        "",
        ...sizes.map((size) => `${size} × ${size}: ${size * size} products per pixel at once, ${2 * size} as a row and a column`),
        `The two ways differ by ${apart.toExponential(0)} at most.`,
        "",
        `Noise of σ = 0.1: ${numbers.noisy.toFixed(1)} dB, smoothed ${numbers.restored.toFixed(1)} dB`,
        `Salt and pepper: ${numbers.speckled.toFixed(1)} dB, smoothed ${numbers.blurred.toFixed(1)} dB, medians of 3 × 3 pixels ${numbers.cleaned.toFixed(1)} dB`,
        `Smoothed and sharpened again: ${numbers.sharpSteep.toFixed(2)} at the steepest edge; ${quality(smooth).toFixed(1)} dB smoothed, ${quality(sharp).toFixed(1)} dB sharpened`,
      ],
      numbers,
      figures: { "noise-over-sigma": overSigma(sigmas.map((sigma) => [sigma, quality(blurBy(noisy, sigma))])) },
      pictures: {
        sizes: closeUp([photo, ...sizes.map((size) => gaussianBlur(photo, { size }))], 2),
        noise: closeUp([photo, noisy, restored, speckled, blurred, cleaned], 3),
        sharpening: closeUp([photo, smooth, sharp], 3),
      },
    };
  },
});
