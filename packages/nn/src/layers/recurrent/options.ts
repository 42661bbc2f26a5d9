import { UnknownNameError, ValueError, checkOptions } from "@dl/registry";
import { zeros } from "@dl/tensor";
import type { DType, Generator, Shape } from "@dl/tensor";
import { uniform } from "../../init/basic.js";
import { parameter } from "../../module/parameter.js";
import type { Parameter } from "../../module/parameter.js";
import { checkProbability, checkSizes } from "../sizes.js";

export interface CellOptions {
  /** "double" (default, or `true`): PyTorch's two biases per gate; "single": the textbooks' one; `false`: none. */
  readonly bias?: boolean | "single" | "double";
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

export interface RecurrentOptions extends CellOptions {
  /** Layers on top of each other: each reads the hidden states of the one below. Default 1. */
  readonly numLayers?: number;
  /** Run a second direction from the last step to the first, and join the hidden states of both. Default false. */
  readonly bidirectional?: boolean;
  /** Whether x and the output are [N, T, ..] rather than [T, N, ..]. Default false. */
  readonly batchFirst?: boolean;
  /** Probability of dropping a value between layers while training. Default 0. */
  readonly dropout?: number;
  /** Where initial values and dropout's masks come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

export const cellKeys = ["bias", "dtype", "generator"];
export const recurrentKeys = ["bias", "dtype", "generator", "numLayers", "bidirectional", "batchFirst", "dropout"];

export function checkCell(where: string, inputSize: number, hiddenSize: number, options: CellOptions, keys: readonly string[]): void {
  checkOptions(where, options, keys);
  checkSizes(where, { inputSize, hiddenSize });
  const { bias = true } = options;
  if (!([true, false, "single", "double"] as readonly unknown[]).includes(bias)) {
    throw new UnknownNameError(where, `bias is "${bias}"`, 'Use "double", "single" or false', { bias });
  }
}

export function checkStack(where: string, { numLayers = 1, dropout = 0 }: RecurrentOptions): void {
  checkSizes(where, { numLayers });
  checkProbability(where, "dropout", dropout);
  if (dropout > 0 && numLayers === 1) {
    throw new ValueError(where, `dropout is ${dropout} with a single layer, but it comes between layers`, "Use more layers, or a Dropout behind this one", { dropout });
  }
}

/** What one cell learns. */
interface CellParameters {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter | null;
  readonly biasHh: Parameter | null;
}

/** A parameter drawn from U(−1/√H, 1/√H), as PyTorch draws all of these. */
export function drawn(shape: Shape, hiddenSize: number, { dtype = "float32", generator }: CellOptions): Parameter {
  const bound = 1 / Math.sqrt(hiddenSize);
  return uniform(parameter(zeros(shape, { dtype })), -bound, bound, generator && { generator });
}

/** @param rows those of all gates; @param outputSize size of the hidden state, which differs from hiddenSize where it is projected */
export function drawCell(rows: number, inputSize: number, hiddenSize: number, options: CellOptions, outputSize = hiddenSize): CellParameters {
  const { bias = true } = options;
  const draw = (shape: Shape): Parameter => drawn(shape, hiddenSize, options);
  return {
    weightIh: draw([rows, inputSize]),
    weightHh: draw([rows, outputSize]),
    biasIh: bias === false ? null : draw([rows]),
    biasHh: bias === true || bias === "double" ? draw([rows]) : null,
  };
}
