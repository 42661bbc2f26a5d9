import { ValueError } from "@dl/registry";
import { pad } from "@dl/tensor";
import type { PadOptions, Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";

/** As many rows on every side, or [before, after] of the last dim, then of the one before it, as `pad` takes them. */
export type EdgePadding = number | readonly number[];

function sides(where: string, padding: EdgePadding, rank: number): readonly number[] {
  const list = typeof padding === "number" ? new Array<number>(2 * rank).fill(padding) : padding;
  if (list.length !== 2 * rank || !list.every(Number.isSafeInteger)) {
    throw new ValueError(where, `padding is [${list.join(", ")}]`, `Give one whole number, or ${2 * rank}: before and after the last dim, then the one before it`, { padding });
  }
  return list;
}

abstract class Pad extends Layer {
  readonly #sides: readonly number[];

  constructor(where: string, rank: number, readonly padding: EdgePadding, private readonly how: PadOptions, args: readonly unknown[] = [padding]) {
    super(args);
    this.#sides = sides(where, padding, rank);
  }

  forward(x: Tensor): Tensor {
    return pad(x, this.#sides, this.how);
  }
}

/** Zeros beyond the edge; negative numbers crop. Shapes: [.., L] → [.., L′]. */
export class ZeroPad1d extends Pad {
  static readonly type = "nn/ZeroPad1d";
  constructor(padding: EdgePadding) { super("ZeroPad1d", 1, padding, { mode: "constant" }); }
}

/** Zeros beyond the edge; negative numbers crop. Shapes: [.., H, W] → [.., H′, W′]. */
export class ZeroPad2d extends Pad {
  static readonly type = "nn/ZeroPad2d";
  constructor(padding: EdgePadding) { super("ZeroPad2d", 2, padding, { mode: "constant" }); }
}

/** Zeros beyond the edge; negative numbers crop. Shapes: [.., D, H, W] → [.., D′, H′, W′]. */
export class ZeroPad3d extends Pad {
  static readonly type = "nn/ZeroPad3d";
  constructor(padding: EdgePadding) { super("ZeroPad3d", 3, padding, { mode: "constant" }); }
}

/** The mirror image beyond the edge, which itself is not repeated. Shapes: [.., L] → [.., L′]. */
export class ReflectionPad1d extends Pad {
  static readonly type = "nn/ReflectionPad1d";
  constructor(padding: EdgePadding) { super("ReflectionPad1d", 1, padding, { mode: "reflect" }); }
}

/** The mirror image beyond the edge, which itself is not repeated. Shapes: [.., H, W] → [.., H′, W′]. */
export class ReflectionPad2d extends Pad {
  static readonly type = "nn/ReflectionPad2d";
  constructor(padding: EdgePadding) { super("ReflectionPad2d", 2, padding, { mode: "reflect" }); }
}

/** The mirror image beyond the edge, which itself is not repeated. Shapes: [.., D, H, W] → [.., D′, H′, W′]. */
export class ReflectionPad3d extends Pad {
  static readonly type = "nn/ReflectionPad3d";
  constructor(padding: EdgePadding) { super("ReflectionPad3d", 3, padding, { mode: "reflect" }); }
}

/** The edge itself, repeated. Shapes: [.., L] → [.., L′]. */
export class ReplicationPad1d extends Pad {
  static readonly type = "nn/ReplicationPad1d";
  constructor(padding: EdgePadding) { super("ReplicationPad1d", 1, padding, { mode: "replicate" }); }
}

/** The edge itself, repeated. Shapes: [.., H, W] → [.., H′, W′]. */
export class ReplicationPad2d extends Pad {
  static readonly type = "nn/ReplicationPad2d";
  constructor(padding: EdgePadding) { super("ReplicationPad2d", 2, padding, { mode: "replicate" }); }
}

/** The edge itself, repeated. Shapes: [.., D, H, W] → [.., D′, H′, W′]. */
export class ReplicationPad3d extends Pad {
  static readonly type = "nn/ReplicationPad3d";
  constructor(padding: EdgePadding) { super("ReplicationPad3d", 3, padding, { mode: "replicate" }); }
}

/** The other side beyond the edge. Shapes: [.., L] → [.., L′]. */
export class CircularPad1d extends Pad {
  static readonly type = "nn/CircularPad1d";
  constructor(padding: EdgePadding) { super("CircularPad1d", 1, padding, { mode: "circular" }); }
}

/** The other side beyond the edge. Shapes: [.., H, W] → [.., H′, W′]. */
export class CircularPad2d extends Pad {
  static readonly type = "nn/CircularPad2d";
  constructor(padding: EdgePadding) { super("CircularPad2d", 2, padding, { mode: "circular" }); }
}

/** The other side beyond the edge. Shapes: [.., D, H, W] → [.., D′, H′, W′]. */
export class CircularPad3d extends Pad {
  static readonly type = "nn/CircularPad3d";
  constructor(padding: EdgePadding) { super("CircularPad3d", 3, padding, { mode: "circular" }); }
}

/** One value beyond the edge; negative numbers crop. Shapes: [.., L] → [.., L′]. */
export class ConstantPad1d extends Pad {
  static readonly type = "nn/ConstantPad1d";
  constructor(padding: EdgePadding, value: number) { super("ConstantPad1d", 1, padding, { value }, [padding, value]); }
}

/** One value beyond the edge; negative numbers crop. Shapes: [.., H, W] → [.., H′, W′]. */
export class ConstantPad2d extends Pad {
  static readonly type = "nn/ConstantPad2d";
  constructor(padding: EdgePadding, value: number) { super("ConstantPad2d", 2, padding, { value }, [padding, value]); }
}

/** One value beyond the edge; negative numbers crop. Shapes: [.., D, H, W] → [.., D′, H′, W′]. */
export class ConstantPad3d extends Pad {
  static readonly type = "nn/ConstantPad3d";
  constructor(padding: EdgePadding, value: number) { super("ConstantPad3d", 3, padding, { value }, [padding, value]); }
}
