import type { Tensor } from "@dl/tensor";

export type Size = readonly [height: number, width: number];

/** What a picture, or a batch of them, is drawn on. */
export interface Canvas {
  /** Images. */
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Of a batch [N, C, H, W]. */
export function canvasOf({ shape: [count, channels, height, width] }: Tensor): Canvas {
  return { count, channels, height, width };
}

export const withSize = (canvas: Canvas, [height, width]: Size): Canvas => ({ ...canvas, height, width });
