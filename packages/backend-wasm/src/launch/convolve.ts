import { bytesOf, contiguousStrides, reshaped, sizeOf } from "@dl/tensor";
import type { Convolution, View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { Block } from "../heap/allocator.js";
import { GatherArgs, PackArgs, gatheredModule, packRowsModule } from "../kernels/conv/conv.js";
import { padded } from "../kernels/gemm/gemm.js";
import { tileColumns, tileRows } from "../kernels/gemm/tile.js";
import type { Copies } from "./copy.js";
import { Temporaries } from "./temporaries.js";
import { addressToRead, addressToWrite } from "./views.js";
import type { WindowTables } from "./windows.js";

const word = bytesOf("float32");

/** A left operand: `units` matrices in row-major order, [rows, steps] each. */
interface Rows {
  readonly view: View;
  readonly units: number;
  readonly rows: number;
  readonly steps: number;
}

interface GatheredProduct {
  readonly left: Rows;
  readonly groups: number;
  readonly terms: number;
  readonly products: number;
  readonly images: View;
  readonly imageUnit: number;
  readonly stepTable: number;
  readonly columnTable: number;
  readonly columns: number;
  readonly out: View;
  /** Whether elements are pairs of steps (see `TileOptions`). Default false. */
  readonly pairs?: boolean;
}

export class Convolutions {
  constructor(
    private readonly engine: Engine,
    private readonly copies: Copies,
    private readonly tables: WindowTables,
  ) {}

  forward(x: View, w: View, out: View, geometry: Convolution): void {
    const { groups } = geometry;
    const [, ...spatial] = out.shape.slice(1);
    this.within((own) => {
      const wide = own.padded(x, geometry);
      const sizes = wide.shape.slice(2);
      // Of int8, two channels are multiplied at a time.
      const pairs = x.dtype === "int8";
      const [images, kernels] = pairs ? [own.pairedChannels(wide, groups), own.pairedChannels(own.dense(w), 1)] : [wide, own.dense(w)];
      const inner = kernels.shape[1];
      const { taps, places } = this.tables.of(sizes, spatial, inner, geometry);
      this.gathered({
        left: { view: kernels, units: groups, rows: w.shape[0] / groups, steps: sizeOf(kernels.shape.slice(1)) },
        groups, terms: 1, products: x.shape[0] * groups,
        images, imageUnit: inner * sizeOf(sizes),
        stepTable: taps, columnTable: places, columns: sizeOf(spatial), out, pairs,
      });
    });
  }

  /** The gradient for the kernels: outputs' gradients times windows, added up over samples. */
  backwardWeight(x: View, y: View, out: View, geometry: Convolution): void {
    const { groups } = geometry;
    const spatial = y.shape.slice(2);
    const inner = out.shape[1];
    this.within((own) => {
      const image = own.padded(x, geometry);
      const sizes = image.shape.slice(2);
      const { taps, places } = this.tables.of(sizes, spatial, inner, geometry);
      this.gathered({
        left: { view: own.dense(y), units: x.shape[0] * groups, rows: y.shape[1] / groups, steps: sizeOf(spatial) },
        groups, terms: x.shape[0], products: groups,
        images: image, imageUnit: inner * sizeOf(sizes),
        stepTable: places, columnTable: taps, columns: sizeOf(out.shape.slice(1)), out,
      });
    });
  }

  /** The gradient for the input: the outputs' gradient, spread by the stride and padded, convolved with the kernels turned around. */
  backwardInput(y: View, w: View, out: View, geometry: Convolution): void {
    const { groups, kernel, dilation } = geometry;
    const [samples, channels, ...sizes] = out.shape;
    const inner = w.shape[0] / groups;
    this.within((own) => {
      const spread = own.spread(y, sizes, geometry);
      const turned = own.turned(w, groups);
      const dense = { kernel, dilation, stride: kernel.map(() => 1) };
      const { taps, places } = this.tables.of(spread.shape.slice(2), sizes, inner, dense);
      this.gathered({
        left: { view: turned, units: groups, rows: channels / groups, steps: inner * sizeOf(kernel) },
        groups, terms: 1, products: samples * groups,
        images: spread, imageUnit: inner * sizeOf(spread.shape.slice(2)),
        stepTable: taps, columnTable: places, columns: sizeOf(sizes), out,
      });
    });
  }

  private within(body: (own: Layouts) => void): void {
    const own = new Layouts(this.engine, this.copies);
    try {
      body(own);
    } finally {
      own.release();
    }
  }

  private gathered({ left, groups, terms, products, images, imageUnit, stepTable, columnTable, columns, out, pairs = false }: GatheredProduct): void {
    const { engine } = this;
    engine.begin();
    const packedUnit = padded(left.rows, tileRows) * left.steps * word;
    const packed = this.packed(left, packedUnit);
    engine.argumentsOf(GatherArgs, {
      packed: packed.pointer, packedUnit, groups, terms,
      images: addressToRead(engine, images), imageUnit: imageUnit * word, columnTable, stepTable,
      rows: left.rows, steps: left.steps, columns, out: addressToWrite(engine, out), outUnit: left.rows * columns * word,
    });
    const multiply = engine.kernel(pairs ? "convolution of pairs" : "convolution", (shared) => gatheredModule({ fma: engine.fma, pairs }, shared));
    const panels = Math.ceil(columns / tileColumns);
    engine.launch(multiply, products * panels, 1, products * terms * left.rows * left.steps * columns);
    engine.heap.giveBack(packed);
  }

  private packed({ view, units, rows, steps }: Rows, targetUnit: number): Block {
    const { engine } = this;
    const block = engine.heap.borrow(units * targetUnit);
    engine.argumentsOf(PackArgs, {
      source: addressToRead(engine, view), unit: rows * steps * word, row: steps * word, step: word, rows, steps, target: block.pointer, targetUnit,
    });
    engine.launch(engine.kernel("pack rows", packRowsModule), units, 1, units * rows * steps);
    return block;
  }
}

/** Images and kernels laid out for one call. */
class Layouts extends Temporaries {
  /** [N, C, ...S] of int8, contiguous → [N, groups·⌈C/groups/2⌉, ...S]: channels of a group two by two. */
  pairedChannels(x: View, groups: number): View {
    const [n, c, ...sizes] = x.shape;
    const lines = [n * groups, c / groups, sizeOf(sizes)];
    const words = this.paired(reshaped(x, lines, contiguousStrides(lines)));
    const shape = [n, groups * words.shape[1], ...sizes];
    return reshaped(words, shape, contiguousStrides(shape));
  }

  padded(x: View, { padding }: Convolution): View {
    if (padding.every(([before, after]) => before === 0 && after === 0)) return this.dense(x);
    const [n, c, ...sizes] = x.shape;
    const wide = this.alloc(x.dtype, [n, c, ...sizes.map((size, d) => padding[d][0] + size + padding[d][1])]);
    const offset = padding.reduce((at, [before], d) => at + before * wide.strides[2 + d], 0);
    this.copies.run(x, reshaped(wide, x.shape, wide.strides, offset));
    return wide;
  }

  /** y with stride − 1 zeros between neighbours, moved so that window i of the turned kernel sees what input i was seen by. */
  spread(y: View, sizes: readonly number[], { kernel, stride, dilation, padding }: Convolution): View {
    const [n, c, ...spatial] = y.shape;
    const reach = kernel.map((k, d) => (k - 1) * dilation[d]);
    const wide = this.alloc(y.dtype, [n, c, ...sizes.map((size, d) => size + reach[d])]);
    let [from, to] = [y.offset, 0];
    const counts = spatial.map((count, d) => {
      const shift = reach[d] - padding[d][0];
      const first = Math.max(0, Math.ceil(-shift / stride[d]));
      const last = Math.min(count, Math.ceil((sizes[d] + reach[d] - shift) / stride[d]));
      from += first * y.strides[2 + d];
      to += (first * stride[d] + shift) * wide.strides[2 + d];
      return Math.max(0, last - first);
    });
    const shape = [n, c, ...counts];
    const steps = wide.strides.map((step, d) => (d < 2 ? step : step * stride[d - 2]));
    this.copies.run(reshaped(y, shape, y.strides, from), reshaped(wide, shape, steps, to));
    return wide;
  }

  /** Kernels as the gradient sees them: [O, C/G, ...K] → [G, C/G, O/G, ...K], each turned around. */
  turned(w: View, groups: number): View {
    const [outputs, inner, ...kernel] = w.shape;
    const [outputStep, innerStep, ...steps] = w.strides;
    const shape = [groups, inner, outputs / groups, ...kernel];
    const offset = kernel.reduce((at, size, d) => at + (size - 1) * steps[d], w.offset);
    const view = reshaped(w, shape, [(outputs / groups) * outputStep, innerStep, outputStep, ...steps.map((step) => -step)], offset);
    const copy = this.alloc(w.dtype, shape);
    this.copies.run(view, copy);
    return copy;
  }
}
