import { checkpointed } from "@dl/autograd";
import { ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import type { Chain, TensorModule } from "../layers/chain.js";
import { generatorsOf } from "../train/generators.js";

/** Runs `body`, and puts back what it changed in the buffers: a batch must not count twice in running statistics. */
function keepingBuffers<T>(layers: readonly TensorModule[], body: () => T): T {
  const buffers = layers.flatMap((layer) => layer.namedBuffers().map(([, value]) => ({ value, before: value.detach(), assignedAt: value.assignedAt })));
  try {
    return body();
  } finally {
    for (const { value, before, assignedAt } of buffers) if (value.assignedAt !== assignedAt) value.assign(before);
  }
}

function checkpointedPart(layers: readonly TensorModule[], x: Tensor): Tensor {
  const run = (input: Tensor): Tensor => layers.reduce((y, layer) => layer.forward(y), input);
  const generators = layers.flatMap((layer) => generatorsOf(layer).map(([, generator]) => generator));
  return checkpointed(run, { generators, recompute: (input) => keepingBuffers(layers, () => run(input)) })(x);
}

/**
 * `chain.forward(x)` with less memory for training: the chain is cut into `segments` of equal length (the last takes the rest), and
 * of all but the last only the input is kept; backward computes them again. Outputs, gradients, dropout masks and running statistics
 * are those of `chain.forward`, bit for bit; it costs one more forward. About √length segments need the least memory. (Chen et al., 2016)
 *
 * @throws ValueError unless segments is a whole number from 1 to the chain's length
 */
export function checkpointSequential(chain: Chain, segments: number, x: Tensor): Tensor {
  const layers = [...chain];
  if (!Number.isSafeInteger(segments) || segments < 1 || segments > Math.max(1, layers.length)) {
    throw new ValueError("checkpointSequential", `segments is ${segments} for a chain of ${layers.length} layers`, "Give a whole number from 1 to the number of layers", { segments });
  }
  const size = Math.floor(layers.length / segments);
  const last = size * (segments - 1);
  let y = x;
  for (let from = 0; from < last; from += size) y = checkpointedPart(layers.slice(from, from + size), y);
  return layers.slice(last).reduce((z, layer) => layer.forward(z), y);
}
