import { MapDataset } from "@dl/data";
import { ShapeError } from "@dl/registry";
import { newArray, sizeOf, tensor, type HostArray } from "@dl/tensor";
import { padIds } from "../batching/index.js";
import { endsOf, paddingOf } from "../seq2seq/data/tokenizers.js";
import type { TranslationBatch } from "../seq2seq/data/translation-dataset.js";
import type { Tokenizer } from "../tokenizers/index.js";

/** A picture, and what is said about it. */
export interface CaptionSample {
  /** [C, H, W]. */
  readonly image: HostArray;
  readonly ids: Int32Array;
}

/** Pictures with their captions. Made by `captionDataset`. */
export class CaptionDataset extends MapDataset<CaptionSample, TranslationBatch> {
  readonly length: number;

  constructor(private readonly samples: readonly CaptionSample[], private readonly marks: { readonly pad: number; readonly bos: number; readonly eos: number }) {
    super();
    this.length = samples.length;
  }

  sample(index: number): CaptionSample {
    return this.samples[index];
  }

  override collate(samples: readonly CaptionSample[]): TranslationBatch {
    const { pad, bos, eos } = this.marks;
    const [{ image: { dtype, shape } }] = samples;
    const size = sizeOf(shape);
    const pixels = newArray(dtype, samples.length * size);
    samples.forEach(({ image }, n) => { pixels.set(image.data, n * size); });
    return {
      x: { source: tensor(pixels, { shape: [samples.length, ...shape], dtype }), target: padIds(samples.map(({ ids }) => [bos, ...ids]), { paddingIdx: pad }) },
      y: padIds(samples.map(({ ids }) => [...ids, eos]), { paddingIdx: pad }),
    };
  }
}

/**
 * Pictures and captions for a `Trainer`: batches `{ x: { source, target }, y }` with images [N, C, H, W], ids [N, T] from `<start>` on, and the same one step
 * ahead, up to `<end>`.
 * @param images [N, C, H, W], not copied
 * @throws ShapeError for another number of captions; ValueError for a tokenizer without start, end and padding
 */
export function captionDataset(images: HostArray, captions: readonly string[], tokenizer: Tokenizer): CaptionDataset {
  const where = "captionDataset";
  const [count, ...shape] = images.shape;
  if (shape.length !== 3 || count !== captions.length) {
    throw new ShapeError(where, `images of shape [${images.shape.join(", ")}] and ${captions.length} captions do not go together`, "Give one caption per image [C, H, W]", { shape: images.shape, captions: captions.length });
  }
  const size = sizeOf(shape);
  const marks = { pad: paddingOf(where, tokenizer), ...endsOf(where, tokenizer) };
  return new CaptionDataset(captions.map((caption, n) => ({ image: { ...images, shape, data: images.data.subarray(n * size, (n + 1) * size) }, ids: tokenizer.encode(caption) })), marks);
}
