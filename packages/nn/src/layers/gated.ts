import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { chunk, defaultGenerator, full, leakyRelu, prelu, rand, showShape, softmax, threshold, where } from "@dl/tensor";
import type { DType, Generator, Tensor } from "@dl/tensor";
import { Layer } from "../module/layer.js";
import { parameter } from "../module/parameter.js";
import type { Parameter } from "../module/parameter.js";
import { jsonOptions } from "./options.js";

// Non-linearities with something of their own: a learnt slope, a random one, a gate, a dim.

export interface PReLUOptions {
  /** One slope for all (1, the default), or one per channel. */
  readonly numParameters?: number;
  /** Slope to begin with. Default 0.25. */
  readonly init?: number;
  /** Default float32. */
  readonly dtype?: DType;
}

/** x for x > 0, weight·x otherwise, with learnt slopes. Shapes: [N, C, ..] → same; weight [numParameters]. (He et al., 2015) */
export class PReLU extends Layer {
  static readonly type = "nn/PReLU";
  readonly weight: Parameter;

  constructor(options: PReLUOptions = {}) {
    super([jsonOptions(options)]);
    checkOptions("PReLU", options, ["numParameters", "init", "dtype"]);
    const { numParameters = 1, init = 0.25, dtype = "float32" } = options;
    this.weight = parameter(full([numParameters], init, { dtype }));
  }

  forward(x: Tensor): Tensor {
    const [count] = this.weight.shape;
    if (count === 1) return prelu(x, this.weight);
    if (x.ndim < 2 || x.shape[1] !== count) {
      throw new ShapeError("PReLU", `x of shape ${showShape(x.shape)} does not have ${count} channels in dim 1`, "Make it with numParameters as many as channels, or 1", { shape: x.shape });
    }
    return prelu(x, this.weight.reshape(x.shape.map((size, d) => (d === 1 ? size : 1))));
  }
}

export interface RReLUOptions {
  /** Least slope. Default 1/8. */
  readonly lower?: number;
  /** Greatest slope. Default 1/3. */
  readonly upper?: number;
  /** Where slopes come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

/** x for x > 0, a·x otherwise, with a drawn from U(lower, upper) in training and their mean in evaluation. Shapes: [..] → same. (Xu et al., 2015) */
export class RReLU extends Layer {
  static readonly type = "nn/RReLU";
  readonly lower: number;
  readonly upper: number;
  readonly generator: Generator | null;

  constructor(options: RReLUOptions = {}) {
    super([jsonOptions(options)]);
    checkOptions("RReLU", options, ["lower", "upper", "generator"]);
    const { lower = 1 / 8, upper = 1 / 3, generator = null } = options;
    if (!(lower <= upper)) throw new ValueError("RReLU", `lower is ${lower} and upper ${upper}`, "Give lower ≤ upper", { lower, upper });
    this.lower = lower;
    this.upper = upper;
    this.generator = generator;
  }

  forward(x: Tensor): Tensor {
    const { lower, upper } = this;
    if (!this.training) return leakyRelu(x, (lower + upper) / 2);
    const slope = rand(x.shape, { generator: this.generator ?? defaultGenerator() }).to(x.backend).to(x.dtype).mul(upper - lower).add(lower);
    return where(x.ge(0), x, x.mul(slope));
  }
}

/** a·sigmoid(b) with a and b the halves of x along `dim`. Shapes: [.., 2·n, ..] → [.., n, ..]. (Dauphin et al., 2017) */
export class GLU extends Layer {
  static readonly type = "nn/GLU";

  constructor(readonly dim = -1) {
    super([dim]);
  }

  forward(x: Tensor): Tensor {
    const size = x.shape.at(this.dim);
    if (size === undefined || size % 2 !== 0) throw new ShapeError("GLU", `dim ${this.dim} of ${showShape(x.shape)} has no two halves`, "Give a dim of even size", { shape: x.shape });
    const [value, gate] = chunk(x, 2, this.dim);
    return value.mul(gate.sigmoid());
  }
}

/** e⁻ˣ/Σe⁻ˣ along `dim`. Shapes: [..] → same. */
export class Softmin extends Layer {
  static readonly type = "nn/Softmin";

  constructor(readonly dim: number) {
    super([dim]);
  }

  forward(x: Tensor): Tensor {
    return softmax(x.neg(), this.dim);
  }
}

/** x where x > threshold, value elsewhere. Shapes: [..] → same. */
export class Threshold extends Layer {
  static readonly type = "nn/Threshold";

  constructor(readonly threshold: number, readonly value: number) {
    super([threshold, value]);
  }

  forward(x: Tensor): Tensor {
    return threshold(x, this.threshold, this.value);
  }
}
