import { ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { padIds } from "../../batching/index.js";
import type { Tokenizer } from "../../tokenizers/index.js";

/** Of the two languages. The target's has ids for begin, end and padding, the source's one for padding. */
export interface Tokenizers {
  readonly source: Tokenizer;
  readonly target: Tokenizer;
}

const fix = "Train it with specials: standardSpecials";

/** @throws ValueError where the tokenizer has none */
export function paddingOf(where: string, { specials: { pad } }: Tokenizer): number {
  if (pad === undefined) throw new ValueError(where, "a tokenizer has no padding", fix);
  return pad;
}

/** The ids that begin and end a target. @throws ValueError where the tokenizer lacks one */
export function endsOf(where: string, { specials: { bos, eos } }: Tokenizer): { readonly bos: number; readonly eos: number } {
  if (bos === undefined || eos === undefined) throw new ValueError(where, `the target's tokenizer has no ${bos === undefined ? "begin" : "end"} of sequences`, fix);
  return { bos, eos };
}

/** Ids of sources side by side, [N, S]. @throws ValueError for a source without a token */
export function sourceTensor(sources: readonly ArrayLike<number>[], source: Tokenizer): Tensor {
  const empty = sources.findIndex(({ length }) => length === 0);
  if (empty !== -1) throw new ValueError("sourceTensor", `source ${empty} has no token`, "Give at least one word", { position: empty });
  return padIds(sources, { paddingIdx: source.specials.pad ?? 0 });
}
