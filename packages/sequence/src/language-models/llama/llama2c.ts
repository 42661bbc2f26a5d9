import { FormatError } from "@dl/registry";
import { sizeOf, tensor } from "@dl/tensor";
import type { Shape, Tensor } from "@dl/tensor";
import { Llama } from "./llama.js";
import type { LlamaOptions } from "./options.js";

/** What a file of llama2.c holds. */
export interface Llama2c {
  readonly options: LlamaOptions;
  /** A state dict of `Llama`. */
  readonly weights: ReadonlyMap<string, Tensor>;
}

const where = "readLlama2c";
const headerInts = 7;

function readOptions(header: DataView): LlamaOptions {
  const at = (i: number): number => header.getInt32(4 * i, true);
  const [dim, hiddenDim, layers, heads, kvHeads, vocabulary, contextLength] = Array.from({ length: headerInts }, (_, i) => at(i));
  const sizes = { dim, hiddenDim, layers, heads, kvHeads, vocabulary: Math.abs(vocabulary), contextLength };
  const bad = Object.entries(sizes).find(([, value]) => value < 1);
  if (bad !== undefined || dim % heads !== 0 || heads % kvHeads !== 0) {
    const fact = bad === undefined ? `${dim} features, ${heads} heads and ${kvHeads} of keys do not divide one another` : `the header says ${bad[0]} ${bad[1]}`;
    throw new FormatError(where, fact, "Give a checkpoint of llama2.c in its first format, without a magic number", sizes);
  }
  // A negative vocabulary says that the head has weights of its own.
  return { vocabSize: Math.abs(vocabulary), contextLength, dim, heads, kvHeads, layers, hiddenDim, tiedHead: vocabulary > 0 };
}

/** Names and shapes in the order of the file: each kind of weight for all layers; `null` for what is not needed. */
function layout(options: LlamaOptions): (readonly [name: string | null, shape: Shape])[] {
  const { vocabSize, contextLength, dim, heads, kvHeads = heads, layers, hiddenDim = 0, tiedHead } = options;
  const shared = (dim / heads) * kvHeads;
  const each = (name: string, shape: Shape): (readonly [string, Shape])[] => Array.from({ length: layers }, (_, i) => [`layers.${i}.${name}.weight`, shape]);
  const angles = [contextLength, dim / heads / 2];
  return [
    ["tok_embeddings.weight", [vocabSize, dim]],
    ...each("attention_norm", [dim]),
    ...each("attention.wq", [dim, dim]),
    ...each("attention.wk", [shared, dim]),
    ...each("attention.wv", [shared, dim]),
    ...each("attention.wo", [dim, dim]),
    ...each("ffn_norm", [dim]),
    ...each("feed_forward.w1", [hiddenDim, dim]),
    ...each("feed_forward.w2", [dim, hiddenDim]),
    ...each("feed_forward.w3", [hiddenDim, dim]),
    ["norm.weight", [dim]],
    [null, angles],
    [null, angles],
    ...(tiedHead === false ? [["output.weight", [vocabSize, dim]] as const] : []),
  ];
}

/**
 * Reads a checkpoint of llama2.c in its first format: seven whole numbers, and all weights as float32.
 *
 *     const { options, weights } = readLlama2c(bytes);
 *     const model = new Llama(options);
 *     model.loadStateDict(weights);
 *
 * @throws FormatError for a header that describes no model, and for a file of another length than it says
 */
export function readLlama2c(bytes: Uint8Array): Llama2c {
  const header = 4 * headerInts;
  if (bytes.length < header) {
    throw new FormatError(
      where, `the file ends after ${bytes.length} bytes, inside of its header`,
      `Give at least ${header} bytes`,
      { length: bytes.length },
    );
  }
  const options = readOptions(new DataView(bytes.buffer, bytes.byteOffset, header));
  const parts = layout(options);
  const expected = header + 4 * parts.reduce((sum, [, shape]) => sum + sizeOf(shape), 0);
  if (bytes.length !== expected) {
    throw new FormatError(
      where, `the file has ${bytes.length} bytes, and its header describes ${expected}`,
      "The file is cut off, or in another format",
      { length: bytes.length, expected },
    );
  }
  const numbers = new Float32Array(bytes.slice(header).buffer);
  const weights = new Map<string, Tensor>();
  let start = 0;
  for (const [name, shape] of parts) {
    const end = start + sizeOf(shape);
    if (name !== null) weights.set(name, tensor(numbers.subarray(start, end), { shape }));
    start = end;
  }
  return { options, weights };
}

/** The model of a llama2.c checkpoint, with its weights, in evaluation mode. @throws FormatError as `readLlama2c` */
export function loadLlama2c(bytes: Uint8Array): Llama {
  const { options, weights } = readLlama2c(bytes);
  const model = new Llama(options);
  model.loadStateDict(weights);
  return model.eval();
}
