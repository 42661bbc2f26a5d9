import { Conv1d, Dropout, Flatten, Layer, Linear, MaxPool1d, ReLU, Sequential, inSequence, jsonOptions, type Embedding, type TensorModule } from "@dl/nn";
import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { checkIds, fitted } from "./ids.js";
import { wordTable, type WordOptions } from "./word-table.js";

/** A convolution, ReLU and a maximum over windows side by side. */
export interface CharCNNBlock {
  readonly channels: number;
  /** Characters, or places of the block before, that the convolution sees. Default 3. */
  readonly kernelSize?: number;
  /** Places that become one; 1 for no pool. Default 2. */
  readonly pool?: number;
}

export interface CharCNNOptions extends WordOptions {
  /** s: how many characters of a text are read. Default 128. */
  readonly length?: number;
  /** Numbers per character. Default 16. */
  readonly dim?: number;
  /** Default [{ channels: 64, kernelSize: 5 }, { channels: 64 }, { channels: 64 }]. */
  readonly blocks?: readonly CharCNNBlock[];
  /** Features between the last block and the classes. Default 128. */
  readonly hidden?: number;
  /** Probability of dropping one of them. Default 0.5. */
  readonly dropout?: number;
}

const known = ["length", "dim", "blocks", "hidden", "dropout", "paddingIdx", "generator"];
const defaultBlocks: readonly CharCNNBlock[] = [{ channels: 64, kernelSize: 5 }, { channels: 64 }, { channels: 64 }];

/** The blocks, and how many places are left behind them. */
function blocksOf(length: number, dim: number, blocks: readonly CharCNNBlock[], drawn: Pick<WordOptions, "generator">): { readonly layers: TensorModule[]; readonly places: number } {
  let [places, channels] = [length, dim];
  const layers = blocks.flatMap((block, i): TensorModule[] => {
    checkOptions("CharCNN", block, ["channels", "kernelSize", "pool"]);
    const { channels: own, kernelSize = 3, pool = 2 } = block;
    for (const [name, value] of Object.entries({ channels: own, kernelSize, pool })) checkWhole("CharCNN", `${name} of block ${i}`, value, 1);
    const conv = new Conv1d(channels, own, kernelSize, { padding: "same", ...drawn });
    [places, channels] = [Math.floor(places / pool), own];
    return pool === 1 ? [conv, new ReLU()] : [conv, new ReLU(), new MaxPool1d(pool)];
  });
  if (places < 1 || blocks.length === 0) {
    throw new ValueError("CharCNN", `${blocks.length} blocks leave ${places} of ${length} places`, "Use at least one block, and fewer or smaller pools or a greater length", { length, blocks });
  }
  return { layers, places };
}

/**
 * A text as a matrix, a column for each of its first s characters; blocks of Conv1d, ReLU and MaxPool1d; two affine layers. Shorter texts are filled up
 * with columns of 0.
 * Shapes: ids [N, T] int32 → matrix [N, 16, s] → logits [N, numClasses]. (Zhang et al., 2015)
 * @throws ShapeError, DTypeError, ValueError
 */
export class CharCNN extends Layer {
  static readonly type = "sequence/CharCNN";
  readonly length: number;
  readonly paddingIdx: number;
  readonly embedding: Embedding;
  readonly blocks: Sequential;
  readonly classifier: Sequential;

  constructor(vocabSize: number, numClasses: number, options: CharCNNOptions = {}) {
    super([vocabSize, numClasses, jsonOptions(options)]);
    checkOptions("CharCNN", options, known);
    const { length = 128, dim = 16, blocks = defaultBlocks, hidden = 128, dropout = 0.5, paddingIdx = 0, generator } = options;
    checkWhole("CharCNN", "length", length, 1);
    const drawn = { ...(generator && { generator }) };
    const { layers, places } = blocksOf(length, dim, blocks, drawn);
    this.length = length;
    this.paddingIdx = paddingIdx;
    this.embedding = wordTable(vocabSize, dim, paddingIdx, 1, generator);
    this.blocks = new Sequential(...layers);
    const { channels } = blocks[blocks.length - 1];
    this.classifier = new Sequential(new Flatten(), new Linear(channels * places, hidden, drawn), new ReLU(), new Dropout(dropout, drawn), new Linear(hidden, numClasses, drawn));
  }

  /** What the first block sees: the vectors of the characters side by side. Shapes: ids [N, T] → [N, 16, s]. */
  matrix(ids: Tensor): Tensor {
    checkIds("CharCNN", ids);
    return this.embedding.forward(fitted(ids, this.length, this.paddingIdx)).transpose(1, 2);
  }

  forward(ids: Tensor): Tensor {
    return inSequence([this.blocks, this.classifier], this.matrix(ids));
  }
}
