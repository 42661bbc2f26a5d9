// Kernels that work row by row on contiguous float32 memory.
import { sizeOf } from "@dl/tensor";
import type { View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { Kernel } from "../kernel.js";
import { SoftmaxArgs, softmaxModule } from "../kernels/softmax.js";
import { StandardizeArgs, standardizeModule } from "../kernels/standardize.js";
import { addressToRead, addressToWrite } from "./views.js";

/** Operations per element, about: an exponential, and a few passes. */
const work = 16;

export class RowKernels {
  constructor(private readonly engine: Engine) {}

  softmax(inputs: readonly View[], logarithm: boolean, out: View): void {
    const { engine } = this;
    const kind = inputs.length === 1 ? "forward" : "gradient";
    const kernel = engine.kernel(`softmax ${kind} ${logarithm}`, (shared) => softmaxModule(kind, logarithm, shared));
    const length = out.shape[out.shape.length - 1];
    engine.begin();
    engine.argument(SoftmaxArgs.length, length);
    inputs.forEach((view, k) => { engine.argument(SoftmaxArgs.first + k, addressToRead(engine, view)); });
    engine.argument(SoftmaxArgs.out, addressToWrite(engine, out));
    this.launch(kernel, sizeOf(out.shape) / length, length);
  }

  standardize(x: View, eps: number, y: View, mean: View, variance: View): void {
    const { engine } = this;
    engine.begin();
    engine.argument(StandardizeArgs.first, addressToRead(engine, x));
    engine.argument(StandardizeArgs.mean, addressToWrite(engine, mean));
    engine.argument(StandardizeArgs.variance, addressToWrite(engine, variance));
    this.overRows("forward", eps, y);
  }

  standardizeGradient(grad: View, y: View, variance: View, eps: number, out: View): void {
    const { engine } = this;
    engine.begin();
    engine.argument(StandardizeArgs.first, addressToRead(engine, grad));
    engine.argument(StandardizeArgs.second, addressToRead(engine, y));
    engine.argument(StandardizeArgs.variance, addressToRead(engine, variance));
    this.overRows("gradient", eps, out);
  }

  private overRows(kind: "forward" | "gradient", eps: number, out: View): void {
    const { engine } = this;
    const [outer, rows, inner] = out.shape;
    const kernel = engine.kernel(`standardize ${kind}`, (shared) => standardizeModule(kind, shared));
    engine.argument(StandardizeArgs.outer, outer);
    engine.argument(StandardizeArgs.rows, rows);
    engine.argument(StandardizeArgs.inner, inner);
    engine.argument(StandardizeArgs.out, addressToWrite(engine, out));
    engine.floatArgument(StandardizeArgs.eps, eps);
    engine.floatArgument(StandardizeArgs.share, 1 / (outer * inner));
    this.launch(kernel, rows, outer * inner);
  }

  private launch(kernel: Kernel, rows: number, length: number): void {
    this.engine.launch(kernel, rows, Math.max(1, Math.ceil(1024 / length)), rows * length * work);
  }
}
