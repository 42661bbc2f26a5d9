import { Layer, Linear, jsonOptions, parameter, type Parameter } from "@dl/nn";
import { DTypeError, ShapeError, ValueError, checkOptions, checkWhole } from "@dl/registry";
import { cat, cumsum, isFloat, showShape, softplus, tensor, type Generator, type Tensor } from "@dl/tensor";

export interface OrdinalHeadOptions {
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

/** What softplus turns into 1. */
const STEP = Math.log(Math.E - 1);

/**
 * One score f(x) = w·x against ordered thresholds: the logits of P(y > k) = σ(f(x) − θₖ) for k = 0 … levels − 2, with θ₀ < θ₁ < …, so that these
 * probabilities never rise with k. For grades such as stars, counted from 0. The thresholds start 1 apart around 0.
 * Shapes: x [N, inFeatures] → [N, levels − 1]. (McCullagh, 1980)
 * @throws ValueError for fewer than 2 levels
 */
export class OrdinalHead extends Layer {
  static readonly type = "sequence/OrdinalHead";
  readonly score: Linear;
  /** θ₀, [1]. */
  readonly first: Parameter;
  /** θₖ − θₖ₋₁ before softplus, [levels − 2]. */
  readonly steps: Parameter | null;

  constructor(inFeatures: number, readonly levels: number, options: OrdinalHeadOptions = {}) {
    super([inFeatures, levels, jsonOptions(options)]);
    checkOptions("OrdinalHead", options, ["generator"]);
    checkWhole("OrdinalHead", "levels", levels, 2);
    const { generator } = options;
    this.score = new Linear(inFeatures, 1, { bias: false, ...(generator && { generator }) });
    this.first = parameter(tensor([-(levels - 2) / 2]));
    this.steps = levels === 2 ? null : parameter(tensor(new Array<number>(levels - 2).fill(STEP)));
  }

  /** θ, rising. Shapes: → [levels − 1]. */
  thresholds(): Tensor {
    return this.steps === null ? this.first : cumsum(cat([this.first, softplus(this.steps)]), 0);
  }

  forward(x: Tensor): Tensor {
    return this.score.forward(x).sub(this.thresholds());
  }
}

function checkLogits(where: string, logits: Tensor): void {
  if (logits.ndim !== 2 || logits.shape[1] === 0) {
    throw new ShapeError(where, `the logits have shape ${showShape(logits.shape)}`, "Give what OrdinalHead returns, [N, levels − 1]", { shape: logits.shape });
  }
  if (!isFloat(logits.dtype)) throw new DTypeError(where, `the logits are ${logits.dtype}`, "Give floats", { dtype: logits.dtype });
}

/** 1 where y > k. Shapes: [N] → [N, levels − 1]. */
function exceeded(logits: Tensor, labels: Tensor): Tensor {
  const [count, above] = logits.shape;
  if (labels.ndim !== 1 || labels.shape[0] !== count) {
    throw new ShapeError("ordinalLoss", `the labels have shape ${showShape(labels.shape)} for logits ${showShape(logits.shape)}`, "Give one level per row", { shapes: [logits.shape, labels.shape] });
  }
  if (labels.dtype !== "int32") throw new DTypeError("ordinalLoss", `the labels are ${labels.dtype}`, 'Convert them: labels.to("int32")', { dtype: labels.dtype });
  const levels = labels.dataSync();
  const bad = levels.findIndex((level) => level < 0 || level > above);
  if (bad !== -1) throw new ValueError("ordinalLoss", `label ${levels[bad]} at position ${bad} is not in [0, ${above + 1})`, "Count levels from 0", { position: bad, label: levels[bad] });
  const flags = Float32Array.from({ length: count * above }, (_, i) => Number(levels[Math.floor(i / above)] > i % above));
  return logits.makeFrom(flags, "float32", [count, above]).to(logits.dtype);
}

/**
 * How far the answers to "is y above k?" are from the truth: −Σₖ log σ(±logitₖ), + where y > k, averaged over the rows.
 * Shapes: logits [N, levels − 1], labels [N] int32 from 0 → []. (Frank & Hall, 2001)
 * @throws ShapeError, DTypeError; ValueError for a label out of range
 */
export function ordinalLoss(logits: Tensor, labels: Tensor): Tensor {
  checkLogits("ordinalLoss", logits);
  const above = exceeded(logits, labels);
  // −log σ(z) = softplus(−z), and −log(1 − σ(z)) = softplus(z).
  return softplus(logits).sub(logits.mul(above)).sum(1).mean();
}

/** P(y = k) = P(y > k − 1) − P(y > k). Shapes: logits [N, levels − 1] → [N, levels]; each row adds up to 1. @throws ShapeError, DTypeError */
export function ordinalProbabilities(logits: Tensor): Tensor {
  checkLogits("ordinalProbabilities", logits);
  const above = logits.sigmoid();
  const [count, thresholds] = above.shape;
  const edge = above.makeEmpty([count, 1], above.dtype);
  return cat([edge.add(1), above], 1).sub(cat([above.slice(1, 0, thresholds), edge], 1));
}

/** The median level: how many thresholds are more likely passed than not. Shapes: logits [N, levels − 1] → [N] int32. @throws ShapeError, DTypeError */
export function ordinalPrediction(logits: Tensor): Tensor {
  checkLogits("ordinalPrediction", logits);
  return logits.gt(0).to("int32").sum(1).to("int32");
}
