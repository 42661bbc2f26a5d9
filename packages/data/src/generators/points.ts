import { checkNumber, checkWhole } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import { TensorDataset } from "../tensor-dataset.js";
import { begin, between, floats, ints, type GeneratorOptions } from "./common.js";

export interface PointsOptions extends GeneratorOptions {
  /** Standard deviation of the normal noise added to both coordinates. Default 0.1. */
  readonly noise?: number;
}

type Point = readonly number[];

/** Points of which sample i has class i mod `classes`, so that the classes are of equal size. */
function labelled(samples: number, classes: number, dims: number, point: (label: number) => Point): TensorDataset {
  const x = new Float32Array(samples * dims);
  const y = Int32Array.from({ length: samples }, (_, i) => i % classes);
  y.forEach((label, i) => x.set(point(label), i * dims));
  return new TensorDataset({ x: floats([samples, dims], x), y: ints([samples], y) });
}

function noisy(where: string, noise: number, random: Generator): (x: number, y: number) => Point {
  checkNumber(where, "noise", noise, 0);
  return (x, y) => [x + noise * random.normal(), y + noise * random.normal()];
}

/**
 * Two half circles that interlock. With t uniform in [0, π): class 0 is (cos t, sin t), class 1 is (1 − cos t, ½ − sin t).
 * x float32 [N, 2], y int32 [N]; 200 samples by default.
 * @throws ValueError for counts that are not whole, or noise below 0
 */
export function moons(options: PointsOptions = {}): TensorDataset {
  const { samples = 200, noise = 0.1 } = options;
  const random = begin("moons", options, ["noise"], samples);
  const place = noisy("moons", noise, random);
  return labelled(samples, 2, 2, (label) => {
    const t = between(random, 0, Math.PI);
    return label === 0 ? place(Math.cos(t), Math.sin(t)) : place(1 - Math.cos(t), 0.5 - Math.sin(t));
  });
}

/**
 * A circle of radius 1 (class 0) around one of radius `factor` (class 1, default 0.5): r · (cos t, sin t), t uniform in [0, 2π).
 * x float32 [N, 2], y int32 [N]; 200 samples by default.
 * @throws ValueError for counts that are not whole, noise below 0, or a factor outside of 0 to 1
 */
export function circles(options: PointsOptions & { readonly factor?: number } = {}): TensorDataset {
  const { samples = 200, noise = 0.1, factor = 0.5 } = options;
  const random = begin("circles", options, ["noise", "factor"], samples);
  checkNumber("circles", "factor", factor, 0, 1);
  const place = noisy("circles", noise, random);
  return labelled(samples, 2, 2, (label) => {
    const t = between(random, 0, 2 * Math.PI);
    const radius = label === 0 ? 1 : factor;
    return place(radius * Math.cos(t), radius * Math.sin(t));
  });
}

/**
 * Arms that wind around each other: class k of K is r · (cos a, sin a) with a = 2π (turns · r + k / K), r uniform in [0.05, 1).
 * `classes` is 2, `turns` 1 and noise 0.02 by default. x float32 [N, 2], y int32 [N]; 200 samples by default.
 * @throws ValueError for counts that are not whole, or noise below 0
 */
export function spirals(options: PointsOptions & { readonly classes?: number; readonly turns?: number } = {}): TensorDataset {
  const { samples = 200, noise = 0.02, classes = 2, turns = 1 } = options;
  const random = begin("spirals", options, ["noise", "classes", "turns"], samples);
  checkWhole("spirals", "classes", classes, 1);
  checkNumber("spirals", "turns", turns);
  const place = noisy("spirals", noise, random);
  return labelled(samples, classes, 2, (label) => {
    const radius = between(random, 0.05, 1);
    const angle = 2 * Math.PI * (turns * radius + label / classes);
    return place(radius * Math.cos(angle), radius * Math.sin(angle));
  });
}

/**
 * The exclusive or: points uniform in [−1, 1)², class 1 where the signs of the coordinates differ. Noise, 0 by default, moves them after
 * they got their class. x float32 [N, 2], y int32 [N]; 200 samples by default, as many of either class.
 * @throws ValueError for counts that are not whole, or noise below 0
 */
export function xor(options: PointsOptions = {}): TensorDataset {
  const { samples = 200, noise = 0 } = options;
  const random = begin("xor", options, ["noise"], samples);
  const place = noisy("xor", noise, random);
  return labelled(samples, 2, 2, (label) => {
    // 1 − u lies in (0, 1]: no point is on an axis, where its class would be open.
    const sign = random.int(2) === 0 ? 1 : -1;
    return place(sign * (1 - random.uniform()), (label === 0 ? sign : -sign) * (1 - random.uniform()));
  });
}

export interface BlobsOptions extends GeneratorOptions {
  /** Default 3. */
  readonly classes?: number;
  /** Default 2. */
  readonly dims?: number;
  /** Standard deviation within a class. Default 1. */
  readonly std?: number;
  /** Centres are uniform in [−box, box) in every dimension. Default 10. */
  readonly box?: number;
}

/**
 * Normal clouds around random centres: x = centre of the class + std · N(0, I). x float32 [N, dims], y int32 [N]; 200 samples by default.
 * @throws ValueError for counts that are not whole, or a negative std or box
 */
export function blobs(options: BlobsOptions = {}): TensorDataset {
  const { samples = 200, classes = 3, dims = 2, std = 1, box = 10 } = options;
  const random = begin("blobs", options, ["classes", "dims", "std", "box"], samples);
  checkWhole("blobs", "classes", classes, 1);
  checkWhole("blobs", "dims", dims, 1);
  checkNumber("blobs", "std", std, 0);
  checkNumber("blobs", "box", box, 0);
  const centres = Array.from({ length: classes }, () => Array.from({ length: dims }, () => between(random, -box, box)));
  return labelled(samples, classes, dims, (label) => centres[label].map((centre) => centre + std * random.normal()));
}

export interface GaussianRingOptions extends GeneratorOptions {
  /** Default 8. */
  readonly modes?: number;
  /** Default 2. */
  readonly radius?: number;
  /** Standard deviation of each mode. Default 0.02. */
  readonly std?: number;
}

/**
 * Narrow normal distributions on a circle, the usual test of whether a generative model finds every mode: mode k of K has its centre at
 * radius · (cos 2πk/K, sin 2πk/K). x float32 [N, 2], y int32 [N] is the mode; 1000 samples by default.
 * @throws ValueError for counts that are not whole, or a negative radius or std
 */
export function gaussianRing(options: GaussianRingOptions = {}): TensorDataset {
  const { samples = 1000, modes = 8, radius = 2, std = 0.02 } = options;
  const random = begin("gaussianRing", options, ["modes", "radius", "std"], samples);
  checkWhole("gaussianRing", "modes", modes, 1);
  checkNumber("gaussianRing", "radius", radius, 0);
  checkNumber("gaussianRing", "std", std, 0);
  return labelled(samples, modes, 2, (mode) => {
    const angle = (2 * Math.PI * mode) / modes;
    return [radius * Math.cos(angle) + std * random.normal(), radius * Math.sin(angle) + std * random.normal()];
  });
}
