import { MapDataset } from "@dl/data";
import { ShapeError, ValueError, checkOptions, checkWhole } from "@dl/registry";
import { showShape, sizeOf, type HostArray, type Tensor } from "@dl/tensor";
import { padArrays } from "./sequence-dataset.js";

export interface VideoClipsOptions {
  /** Frames of a clip, T. */
  readonly length: number;
  /** Frames from one of a clip to its next: 2 halves the rate. Default 1. */
  readonly step?: number;
  /** Frames from the start of one clip to that of the next. Default as many as a clip spans. */
  readonly stride?: number;
}

/** Where a clip begins. */
interface Start {
  readonly video: number;
  readonly frame: number;
}

/**
 * Clips of videos: T frames in a row, `step` apart. Videos are frames [F, C, H, W] of one size, as decoders of images give them, one behind the
 * other; those that are shorter than a clip give none. Shapes: batches [N, T, C, H, W].
 *
 *     for await (const clips of new DataLoader(new VideoClips(videos, { length: 16, step: 2 }), { batchSize: 4, shuffle: true })) …
 *
 * @throws ShapeError for videos whose frames are not of one shape; ValueError when no video is long enough
 */
export class VideoClips extends MapDataset<HostArray, Tensor> {
  readonly length: number;
  readonly #videos: readonly HostArray[];
  readonly #starts: readonly Start[];
  readonly #frames: number;
  readonly #step: number;

  constructor(videos: readonly HostArray[], options: VideoClipsOptions) {
    super();
    const where = "VideoClips";
    checkOptions(where, options, ["length", "step", "stride"]);
    const { length, step = 1 } = options;
    checkWhole(where, "length", length, 1);
    checkWhole(where, "step", step, 1);
    const span = (length - 1) * step + 1;
    const { stride = span } = options;
    checkWhole(where, "stride", stride, 1);
    videos.forEach(({ shape }, video) => {
      if (shape.length === 4 && showShape(shape.slice(1)) === showShape(videos[0].shape.slice(1))) return;
      throw new ShapeError(where, `video ${video} has shape ${showShape(shape)}, video 0 ${showShape(videos[0].shape)}`, "Give frames [F, C, H, W] of one size: resize them first", { video });
    });
    this.#videos = videos;
    this.#starts = videos.flatMap(({ shape: [frames] }, video) => Array.from({ length: Math.max(0, Math.floor((frames - span) / stride) + 1) }, (_, k) => ({ video, frame: k * stride })));
    if (this.#starts.length === 0) throw new ValueError(where, `no video has the ${span} frames that a clip spans`, "Give longer videos, a smaller length, or a smaller step", { span });
    this.#frames = length;
    this.#step = step;
    this.length = this.#starts.length;
  }

  /** A clip [T, C, H, W]. */
  sample(index: number): HostArray {
    const { video, frame } = this.#starts[index];
    const { dtype, shape: [, ...picture], data } = this.#videos[video];
    const size = sizeOf(picture);
    const clip = data.slice(0, this.#frames * size);
    for (let t = 0; t < this.#frames; t++) {
      const from = (frame + t * this.#step) * size;
      clip.set(data.subarray(from, from + size), t * size);
    }
    return { dtype, shape: [this.#frames, ...picture], data: clip };
  }

  override collate(clips: readonly HostArray[]): Tensor {
    return padArrays(clips);
  }
}
