import { StateError } from "@dl/registry";
import type { Tensor } from "../tensor.js";

/** What an op's gradient rule gets to see. */
export interface BackwardContext<O = unknown> {
  /** ∂loss/∂output, in the output's shape. */
  readonly grad: Tensor;
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  /** Which inputs want a gradient; the others may be answered with `null`. */
  readonly needs: readonly boolean[];
  readonly options: O;
}

/** The part of an op that the tape keeps: its name and its gradient rule, written with differentiable ops. */
export interface GradientRule<O = unknown> {
  readonly name: string;
  /** What it makes and does not return ends with it, and its `grad` with the sweep's last use of that: a rule stores neither. */
  backward(context: BackwardContext<O>): readonly (Tensor | null)[];
  /** Set where the rule calls code that may store what it sees. */
  readonly mayStore?: boolean;
  /** Floating-point operations of one call; 0 when left out, as for views and copies. */
  flops?(inputs: readonly Tensor[], output: Tensor, options: O): number;
}

/** Where a tensor comes from: one node of the tape. */
export class Origin<O = unknown> {
  private released = false;

  constructor(
    readonly rule: GradientRule<O>,
    private sources: readonly Tensor[],
    readonly options: O,
  ) {}

  get name(): string {
    return this.rule.name;
  }

  /** @throws StateError when `backward` has freed this part of the graph */
  get inputs(): readonly Tensor[] {
    if (this.released) {
      throw new StateError(
        "backward",
        `the graph of "${this.name}" was freed by an earlier backward`,
        "Pass { retainGraph: true } to the first backward, or compute the loss again",
      );
    }
    return this.sources;
  }

  get isReleased(): boolean {
    return this.released;
  }

  /**
   * The gradients of the inputs in `needs`.
   * @throws StateError when an input was assigned a new value after this op used it
   */
  backward(grad: Tensor, output: Tensor, needs: readonly boolean[]): readonly (Tensor | null)[] {
    const inputs = this.inputs;
    for (const input of inputs) {
      if (input.assignedAt > output.id) {
        throw new StateError(
          "backward",
          `an input of "${this.name}", of shape [${input.shape.join(", ")}], was assigned a new value after it was used`,
          "Call backward before optimizer.step(), or compute the loss again",
        );
      }
    }
    return this.rule.backward({ grad, inputs, output, needs, options: this.options });
  }

  /** Lets go of the inputs, and with them of the memory they hold. */
  release(): void {
    this.released = true;
    this.sources = [];
  }
}
