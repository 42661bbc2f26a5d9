// Pictures for tests: what can be said of them by hand.
import type { Photos } from "@dl/data";

/** A bright disc of radius 20 on a dark ground, 64 × 64. */
const disc = (channels: number): Photos[string] => {
  const data = Float32Array.from({ length: channels * 4096 }, (_, i) => (Math.hypot((i % 64) - 31.5, (Math.floor(i / 64) % 64) - 31.5) < 20 ? 0.8 : 0.2));
  return { dtype: "float32", shape: [channels, 64, 64], data };
};

export const discs: Photos = { camera: disc(1), text: disc(1), astronaut: disc(3) };
