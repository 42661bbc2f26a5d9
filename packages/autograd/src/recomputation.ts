import { StateError } from "@dl/registry";
import { showShape, state, withGradMode } from "@dl/tensor";
import type { Generator, GeneratorState, GradientRule, Origin, Tensor } from "@dl/tensor";
import { accumulate, addLeading, propagate, tape } from "./engine.js";
import type { Progress } from "./engine.js";

/** A function of tensors whose inner values may be thrown away. */
export type Part = (...inputs: Tensor[]) => Tensor;

/** What the tensors of a tape from `since` on were computed from: tensors made before, whose gradients are wanted. */
export function sourcesOf(order: readonly Tensor[], since: number): Tensor[] {
  const outside = order.flatMap(({ origin }) => origin?.inputs.filter((input) => input.requiresGrad && input.id < since) ?? []);
  return [...new Set(outside)].sort((a, b) => a.id - b.id);
}

/** Draws what the generators drew when the states were taken, and puts them back where they stand. */
function repeating<T>(draws: readonly (readonly [Generator, GeneratorState])[], body: () => T): T {
  const present = draws.map(([generator]) => generator.state());
  for (const [generator, then] of draws) generator.setState(then);
  try {
    return body();
  } finally {
    draws.forEach(([generator], i) => generator.setState(present[i]));
  }
}

/** Stands on the tape for a part without a tape of its own. Its inputs are those of the part, and then the tensors it captured. */
export class Recomputation implements GradientRule<null> {
  readonly isRecomputation = true;
  readonly name = "checkpoint";

  constructor(
    private readonly part: Part,
    private readonly numInputs: number,
    private readonly draws: readonly (readonly [Generator, GeneratorState])[],
    /** Floating-point operations of the part, given its output with a tape. */
    private readonly count: (output: Tensor, since: number) => number,
  ) {}

  /** Nothing: the gradients come from the tape that `run` makes. */
  backward(): readonly (Tensor | null)[] {
    return [];
  }

  flops(inputs: readonly Tensor[], output: Tensor): number {
    const since = state.nextId;
    return this.count(this.run(inputs, output), since);
  }

  /** Computes the part again, with a tape, and sweeps over that: the same sums in the same order as without the checkpoint. */
  unfold(x: Tensor, origin: Origin, gradient: Tensor, progress: Progress): void {
    // Asked for nothing, it only checks that no input was assigned since.
    origin.backward(gradient, x, []);
    const since = state.nextId;
    const output = this.run(origin.inputs, x);
    const order = tape([output], since);
    this.checkSources(sourcesOf(order, since), origin.inputs);
    if (progress.wanted !== null) addLeading(order, progress.wanted);
    accumulate(progress.gradients, output, gradient);
    propagate(order, progress);
  }

  /** The part's output, with its tape. @throws StateError when it is not of the first output's shape */
  private run(inputs: readonly Tensor[], first: Tensor): Tensor {
    const output = repeating(this.draws, () => withGradMode(true, () => this.part(...inputs.slice(0, this.numInputs))));
    if (showShape(output.shape) !== showShape(first.shape)) {
      throw this.changed(`an output of shape ${showShape(first.shape)} at first and ${showShape(output.shape)} when it ran again`);
    }
    return output;
  }

  /** @throws StateError when what was computed again depends on tensors that the first output did not depend on */
  private checkSources(found: readonly Tensor[], inputs: readonly Tensor[]): void {
    const known = new Set(inputs);
    const other = found.find((x) => !known.has(x));
    if (other !== undefined) throw this.changed(`an output that depends on a tensor of shape ${showShape(other.shape)} only when it ran again`);
  }

  private changed(fact: string): StateError {
    return new StateError("checkpoint", `the function gave ${fact}`, "It must compute the same both times: take what changes as an input");
  }
}
