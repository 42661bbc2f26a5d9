import { DTypeError, ShapeError, ValueError } from "@dl/registry";
import { isTensor, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

/** Ids of the text to go on from: numbers, or an int32 tensor [T]. */
export type Prompt = ArrayLike<number> | Tensor;

/** Several of them: one by one, or an int32 tensor [N, T]. */
export type Prompts = readonly Prompt[] | Tensor;

async function idsOf(where: string, ids: Tensor, ndim: number): Promise<ArrayLike<number>> {
  if (ids.dtype !== "int32") throw new DTypeError(where, `the prompt is ${ids.dtype}`, 'Give ids: prompt.to("int32")', { dtype: ids.dtype });
  if (ids.ndim !== ndim) {
    throw new ShapeError(
      where, `the prompt has shape ${showShape(ids.shape)}`,
      ndim === 1 ? "Give [T], or use generateBatch for [N, T]" : "Give [N, T]",
      { shape: ids.shape },
    );
  }
  return ids.data();
}

function checkPrompt(where: string, ids: readonly number[], row: number, vocabSize: number): void {
  const name = row === 0 ? "the prompt" : `prompt ${row}`;
  if (ids.length === 0) {
    throw new ValueError(
      where, `${name} is empty, and a model needs something to go on from`,
      "Give at least one id, such as that which begins a text",
      { row },
    );
  }
  const bad = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize);
  if (bad !== -1) {
    throw new ValueError(
      where, `${name} has id ${ids[bad]} at position ${bad}, and the model knows 0 to ${vocabSize - 1}`,
      "Encode the text with the model's own tokenizer",
      { row, position: bad, id: ids[bad] },
    );
  }
}

/** @throws ValueError for no ids, or one that the model does not know; DTypeError, ShapeError for a tensor that holds no ids */
export async function promptOf(where: string, prompt: Prompt, vocabSize: number, row = 0): Promise<number[]> {
  const ids = Array.from(isTensor(prompt) ? await idsOf(where, prompt, 1) : prompt);
  checkPrompt(where, ids, row, vocabSize);
  return ids;
}

/** The same for several. @throws ValueError where there are none */
export async function promptsOf(where: string, prompts: Prompts, vocabSize: number): Promise<number[][]> {
  if (isTensor(prompts)) {
    const [ids, steps] = [Array.from(await idsOf(where, prompts, 2)), prompts.shape[1]];
    return promptsOf(where, Array.from({ length: prompts.shape[0] }, (_, n) => ids.slice(n * steps, (n + 1) * steps)), vocabSize);
  }
  if (prompts.length === 0) throw new ValueError(where, "there are no prompts", "Give at least one");
  return Promise.all(prompts.map((prompt, row) => promptOf(where, prompt, vocabSize, row)));
}
