import { ValueError, checkOptions } from "@dl/registry";
import { defaultGenerator, isTensor, record, state } from "@dl/tensor";
import type { Generator, Tensor } from "@dl/tensor";
import { tape } from "./engine.js";
import { flopsOf } from "./flops.js";
import { Recomputation, sourcesOf } from "./recomputation.js";
import type { Part } from "./recomputation.js";

export interface RecomputeOptions {
  /** Generators that the function draws from beside the default one, so that it draws the same again. Default none. */
  readonly generators?: readonly Generator[];
  /** What runs in `backward` in place of the function, where that does something that must happen once. It must compute the same. */
  readonly recompute?: Part;
}

function checkOutput(output: Tensor): void {
  const found: unknown = output;
  if (isTensor(found)) return;
  const kind = typeof found === "object" && found !== null && "then" in found ? "a promise" : Array.isArray(found) ? "an array" : typeof found;
  throw new ValueError("checkpoint", `the function returned ${kind}, not a tensor`, "Return one tensor, without await: join several with cat or stack");
}

const flopsSince = (output: Tensor, since: number): number => tape([output], since).reduce((sum, x) => sum + flopsOf(x), 0);

/**
 * `f` with less memory between forward and backward: its inner values are thrown away, and computed again when `backward` comes
 * by. Gradients are those of `f`, bit for bit, of every order, for its inputs and for all that it captures, such as a layer's
 * parameters; it costs one more forward. Random numbers come out the same both times. (Chen et al., 2016)
 *
 *     const lean = checkpointed((x) => block.forward(x), { generators: [dropout.generator] });
 *
 * @throws ValueError when `f` does not return a tensor; StateError from `backward` when it computes something else the second time
 */
export function checkpointed(f: Part, options: RecomputeOptions = {}): Part {
  checkOptions("checkpointed", options, ["generators", "recompute"]);
  const { generators = [], recompute = f } = options;
  return (...inputs) => {
    if (!state.gradEnabled) return f(...inputs);
    const draws = [defaultGenerator(), ...generators].map((generator) => [generator, generator.state()] as const);
    const since = state.nextId;
    const output = f(...inputs);
    checkOutput(output);
    if (!output.requiresGrad || output.id < since) return output;
    // The tape of this run tells what was captured; nothing holds on to it afterwards.
    const captured = sourcesOf(tape([output], since), since).filter((x) => !inputs.includes(x));
    return record(output.detach(), new Recomputation(recompute, inputs.length, draws, flopsSince), [...inputs, ...captured], null);
  };
}

/**
 * f(...inputs), with the values inside of `f` thrown away and computed again in `backward`: memory for time. See `checkpointed`,
 * which also takes options.
 *
 * @example checkpoint((x) => block.forward(x), x)
 */
export const checkpoint = (f: Part, ...inputs: Tensor[]): Tensor => checkpointed(f)(...inputs);
