import { ValueError, checkOptions } from "@dl/registry";
import { tensor, zeros } from "@dl/tensor";
import type { DType, Generator, Tensor } from "@dl/tensor";
import { normal } from "../../init/basic.js";
import { Layer } from "../../module/layer.js";
import { buffer, parameter } from "../../module/parameter.js";
import type { Buffer, Parameter } from "../../module/parameter.js";
import { jsonOptions } from "../options.js";
import { checkSizes } from "../sizes.js";
import { addPositions } from "./table.js";
import type { PositionCall } from "./table.js";

interface CommonOptions {
  /** Whether x is [N, T, dim] rather than [T, N, dim]. Default false. */
  readonly batchFirst?: boolean;
  /** Dtype of the table. Default float32. */
  readonly dtype?: DType;
}

export interface SinusoidalPEOptions extends CommonOptions {
  /** The wavelengths grow from 2π to 2π·base. Default 10000. */
  readonly base?: number;
}

export interface LearnedPEOptions extends CommonOptions {
  /** Standard deviation of the initial values. Default 0.02. */
  readonly std?: number;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

export function checkBase(where: string, base: number): void {
  if (!(base > 0 && Number.isFinite(base))) throw new ValueError(where, `base is ${base}`, "Give a number above 0, such as 10000", { base });
}

/** Row p, columns 2i and 2i + 1: sin and cos of p/base^(2i/dim). */
function waves(maxLength: number, dim: number, base: number): Float64Array {
  return Float64Array.from({ length: maxLength * dim }, (_, k) => {
    const [position, column] = [Math.floor(k / dim), k % dim];
    const angle = position / base ** ((column - (column % 2)) / dim);
    return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}

/**
 * Adds sines and cosines of the position to x: PE[p, 2i] = sin(p/base^(2i/dim)), PE[p, 2i+1] = cos(p/base^(2i/dim)). For every
 * distance k, PE[p + k] is a linear map of PE[p].
 * Shapes: [T, N, dim] (batchFirst: [N, T, dim]) or [T, dim] → same. (Vaswani et al., 2017)
 * @throws ShapeError for a sequence beyond maxLength, or another dim
 */
export class SinusoidalPE extends Layer {
  static readonly type = "nn/SinusoidalPE";
  /** [maxLength, dim]; files need not hold it. */
  readonly table: Buffer;
  readonly batchFirst: boolean;

  constructor(readonly maxLength: number, readonly dim: number, options: SinusoidalPEOptions = {}) {
    super([maxLength, dim, jsonOptions(options)]);
    checkOptions("SinusoidalPE", options, ["base", "batchFirst", "dtype"]);
    checkSizes("SinusoidalPE", { maxLength, dim });
    const { base = 10000, batchFirst = false, dtype = "float32" } = options;
    checkBase("SinusoidalPE", base);
    this.batchFirst = batchFirst;
    this.table = buffer(tensor(waves(maxLength, dim, base), { shape: [maxLength, dim], dtype }), { persistent: false });
  }

  forward(x: Tensor, options: PositionCall = {}): Tensor {
    return addPositions("SinusoidalPE", x, this.table, this.batchFirst, options);
  }
}

/**
 * Adds a learnt vector for each position to x, as BERT and GPT do.
 * Shapes: [T, N, dim] (batchFirst: [N, T, dim]) or [T, dim] → same; weight [maxLength, dim], drawn from N(0, std²).
 * @throws ShapeError for a sequence beyond maxLength, or another dim
 */
export class LearnedPE extends Layer {
  static readonly type = "nn/LearnedPE";
  readonly weight: Parameter;
  readonly batchFirst: boolean;

  constructor(readonly maxLength: number, readonly dim: number, options: LearnedPEOptions = {}) {
    super([maxLength, dim, jsonOptions(options)]);
    checkOptions("LearnedPE", options, ["std", "batchFirst", "dtype", "generator"]);
    checkSizes("LearnedPE", { maxLength, dim });
    const { std = 0.02, batchFirst = false, dtype = "float32", generator } = options;
    if (!(std >= 0)) throw new ValueError("LearnedPE", `std is ${std}`, "Give a number of at least 0", { std });
    this.batchFirst = batchFirst;
    this.weight = normal(parameter(zeros([maxLength, dim], { dtype })), 0, std, generator && { generator });
  }

  forward(x: Tensor, options: PositionCall = {}): Tensor {
    return addPositions("LearnedPE", x, this.weight, this.batchFirst, options);
  }
}
