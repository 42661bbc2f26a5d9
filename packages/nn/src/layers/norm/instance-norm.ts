import { batchNorm, instanceNorm } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { TrackedNorm } from "./batch-norm.js";
import type { TrackedNormOptions } from "./batch-norm.js";

const untracked = { affine: false, trackRunningStats: false };

abstract class InstanceNorm extends TrackedNorm {
  protected override readonly countsBatches = false;

  constructor(private readonly where: string, private readonly layout: string, numFeatures: number, options: TrackedNormOptions) {
    super(where, numFeatures, options, untracked);
  }

  forward(x: Tensor): Tensor {
    const batched = x.ndim === this.layout.split(",").length;
    this.checkChannels(this.where, x, batched ? 1 : 0, [this.layout, this.layout.replace("N, ", "")]);
    return batched ? this.normalized(x) : this.normalized(x.unsqueeze(0)).squeeze(0);
  }

  private normalized(x: Tensor): Tensor {
    const { weight, bias, eps, kept } = this;
    if (kept !== null) return batchNorm(x, { ...kept, weight, bias, eps });
    if (this.training && this.runningMean !== null) this.trackInstances(x.detach());
    return instanceNorm(x, { weight, bias, eps });
  }

  /** What is kept are the means over the samples of their own statistics. */
  private trackInstances(x: Tensor): void {
    const dims = x.shape.slice(2).map((_, d) => d + 2);
    const mean = x.mean(dims, { keepDim: true });
    const variance = x.sub(mean).square().mean(dims);
    const [n, c] = x.shape;
    this.track({ mean: mean.reshape([n, c]).mean(0), variance: variance.mean(0) }, x.size / (n * c));
  }
}

/**
 * Every channel of every sample: (x − mean)/√(variance + eps). Options: eps, momentum, affine (default false), trackRunningStats
 * (default false). Shapes: [N, C, L] or [C, L] → same. (Ulyanov et al., 2016)
 */
export class InstanceNorm1d extends InstanceNorm {
  static readonly type = "nn/InstanceNorm1d";
  constructor(numFeatures: number, options: TrackedNormOptions = {}) { super("InstanceNorm1d", "N, C, L", numFeatures, options); }
}

/** `InstanceNorm1d` for images. Shapes: [N, C, H, W] or [C, H, W] → same. */
export class InstanceNorm2d extends InstanceNorm {
  static readonly type = "nn/InstanceNorm2d";
  constructor(numFeatures: number, options: TrackedNormOptions = {}) { super("InstanceNorm2d", "N, C, H, W", numFeatures, options); }
}

/** `InstanceNorm1d` for volumes. Shapes: [N, C, D, H, W] or [C, D, H, W] → same. */
export class InstanceNorm3d extends InstanceNorm {
  static readonly type = "nn/InstanceNorm3d";
  constructor(numFeatures: number, options: TrackedNormOptions = {}) { super("InstanceNorm3d", "N, C, D, H, W", numFeatures, options); }
}
