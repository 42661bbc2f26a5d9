import { UnknownNameError, ValueError, checkOptions } from "@dl/registry";
import {
  celu, elu, gelu, geluTanh, hardshrink, hardsigmoid, hardswish, hardtanh, leakyRelu, logSigmoid, mish, relu6, selu, silu, softplus,
  softshrink, softsign, tanhshrink,
} from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../module/layer.js";
import { jsonOptions } from "./options.js";

// Non-linearities that work element by element. Shapes of all: [..] → same. Formulas and sources stand with the ops.

/** One without settings. */
abstract class Pointwise extends Layer {
  constructor() {
    super([]);
  }
}

type Settings<K extends string> = Readonly<Record<K, number>>;

/** One with numbers to set, all of which have defaults. */
abstract class Tunable<K extends string> extends Layer {
  protected readonly settings: Settings<K>;

  constructor(where: string, defaults: Settings<K>, options: Partial<Settings<K>> | undefined) {
    super([options]);
    checkOptions(where, options, Object.keys(defaults));
    this.settings = { ...defaults, ...jsonOptions(options ?? {}) };
    for (const [key, value] of Object.entries<number>(this.settings)) {
      if (!Number.isFinite(value)) throw new ValueError(where, `${key} is ${value}`, "Give a finite number", { [key]: value });
    }
  }
}

/** max(x, 0). */
export class ReLU extends Pointwise {
  static readonly type = "nn/ReLU";
  forward(x: Tensor): Tensor { return x.relu(); }
}

/** min(max(x, 0), 6). */
export class ReLU6 extends Pointwise {
  static readonly type = "nn/ReLU6";
  forward(x: Tensor): Tensor { return relu6(x); }
}

/** 1/(1 + e⁻ˣ). */
export class Sigmoid extends Pointwise {
  static readonly type = "nn/Sigmoid";
  forward(x: Tensor): Tensor { return x.sigmoid(); }
}

/** log(sigmoid(x)). */
export class LogSigmoid extends Pointwise {
  static readonly type = "nn/LogSigmoid";
  forward(x: Tensor): Tensor { return logSigmoid(x); }
}

/** (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ). */
export class Tanh extends Pointwise {
  static readonly type = "nn/Tanh";
  forward(x: Tensor): Tensor { return x.tanh(); }
}

/** x·sigmoid(x). (Elfwing et al., 2017) */
export class SiLU extends Pointwise {
  static readonly type = "nn/SiLU";
  forward(x: Tensor): Tensor { return silu(x); }
}

/** x·tanh(softplus(x)). (Misra, 2019) */
export class Mish extends Pointwise {
  static readonly type = "nn/Mish";
  forward(x: Tensor): Tensor { return mish(x); }
}

/** 1.0507·elu(x) with α = 1.6733. (Klambauer et al., 2017) */
export class SELU extends Pointwise {
  static readonly type = "nn/SELU";
  forward(x: Tensor): Tensor { return selu(x); }
}

/** x/(1 + |x|). (Bergstra et al., 2009) */
export class Softsign extends Pointwise {
  static readonly type = "nn/Softsign";
  forward(x: Tensor): Tensor { return softsign(x); }
}

/** x − tanh(x). */
export class Tanhshrink extends Pointwise {
  static readonly type = "nn/Tanhshrink";
  forward(x: Tensor): Tensor { return tanhshrink(x); }
}

/** min(max(x + 3, 0), 6)/6. */
export class Hardsigmoid extends Pointwise {
  static readonly type = "nn/Hardsigmoid";
  forward(x: Tensor): Tensor { return hardsigmoid(x); }
}

/** x·hardsigmoid(x). (Howard et al., 2019) */
export class Hardswish extends Pointwise {
  static readonly type = "nn/Hardswish";
  forward(x: Tensor): Tensor { return hardswish(x); }
}

/** x limited to [minVal, maxVal], by default [−1, 1]. */
export class Hardtanh extends Tunable<"minVal" | "maxVal"> {
  static readonly type = "nn/Hardtanh";
  constructor(options?: { readonly minVal?: number; readonly maxVal?: number }) { super("Hardtanh", { minVal: -1, maxVal: 1 }, options); }
  forward(x: Tensor): Tensor { return hardtanh(x, this.settings.minVal, this.settings.maxVal); }
}

/** x for x > 0, negativeSlope·x otherwise; 0.01 by default. (Maas et al., 2013) */
export class LeakyReLU extends Tunable<"negativeSlope"> {
  static readonly type = "nn/LeakyReLU";
  constructor(options?: { readonly negativeSlope?: number }) { super("LeakyReLU", { negativeSlope: 0.01 }, options); }
  forward(x: Tensor): Tensor { return leakyRelu(x, this.settings.negativeSlope); }
}

/** x for x > 0, alpha·(eˣ − 1) otherwise; alpha is 1 by default. (Clevert et al., 2016) */
export class ELU extends Tunable<"alpha"> {
  static readonly type = "nn/ELU";
  constructor(options?: { readonly alpha?: number }) { super("ELU", { alpha: 1 }, options); }
  forward(x: Tensor): Tensor { return elu(x, this.settings.alpha); }
}

/** max(0, x) + min(0, alpha·(e^(x/alpha) − 1)); alpha is 1 by default. (Barron, 2017) */
export class CELU extends Tunable<"alpha"> {
  static readonly type = "nn/CELU";
  constructor(options?: { readonly alpha?: number }) { super("CELU", { alpha: 1 }, options); }
  forward(x: Tensor): Tensor { return celu(x, this.settings.alpha); }
}

/** log(1 + e^(beta·x))/beta; beta is 1 by default. */
export class Softplus extends Tunable<"beta"> {
  static readonly type = "nn/Softplus";
  constructor(options?: { readonly beta?: number }) { super("Softplus", { beta: 1 }, options); }
  forward(x: Tensor): Tensor { return softplus(x, this.settings.beta); }
}

/** 0 on [−lambda, lambda], x elsewhere; lambda is 0.5 by default. */
export class Hardshrink extends Tunable<"lambda"> {
  static readonly type = "nn/Hardshrink";
  constructor(options?: { readonly lambda?: number }) { super("Hardshrink", { lambda: 0.5 }, options); }
  forward(x: Tensor): Tensor { return hardshrink(x, this.settings.lambda); }
}

/** x moved by lambda towards 0, and 0 on [−lambda, lambda]; lambda is 0.5 by default. */
export class Softshrink extends Tunable<"lambda"> {
  static readonly type = "nn/Softshrink";
  constructor(options?: { readonly lambda?: number }) { super("Softshrink", { lambda: 0.5 }, options); }
  forward(x: Tensor): Tensor { return softshrink(x, this.settings.lambda); }
}

/** x·Φ(x), exactly or by the tanh approximation. (Hendrycks & Gimpel, 2016) */
export class GELU extends Layer {
  static readonly type = "nn/GELU";
  readonly approximate: "none" | "tanh";

  constructor(options?: { readonly approximate?: "none" | "tanh" }) {
    super([options]);
    checkOptions("GELU", options, ["approximate"]);
    this.approximate = options?.approximate ?? "none";
    if (!["none", "tanh"].includes(this.approximate)) {
      throw new UnknownNameError("GELU", `approximate is "${this.approximate}"`, 'Use "none" or "tanh"', { approximate: this.approximate });
    }
  }

  forward(x: Tensor): Tensor { return this.approximate === "tanh" ? geluTanh(x) : gelu(x); }
}
