import { contiguousView, isContiguous, reshaped, sizeOf } from "@dl/tensor";
import type { DType, View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { WasmBuffer } from "../heap/buffer.js";
import { PairArgs, pairsModule } from "../kernels/pairs.js";
import type { Copies } from "./copy.js";
import { addressToRead, addressToWrite } from "./views.js";

/** Copies that one call needs. */
export class Temporaries {
  private readonly used: WasmBuffer[] = [];

  constructor(
    protected readonly engine: Engine,
    protected readonly copies: Copies,
  ) {}

  release(): void {
    for (const buffer of this.used) this.engine.heap.free(buffer.cell);
  }

  protected alloc(dtype: DType, shape: readonly number[]): View {
    const buffer = this.engine.heap.alloc(dtype, sizeOf(shape));
    this.used.push(buffer);
    return contiguousView(buffer, dtype, shape);
  }

  /** The view itself when row-major already. */
  dense(view: View): View {
    if (isContiguous(view.shape, view.strides)) return view;
    const copy = this.alloc(view.dtype, view.shape);
    this.copies.run(view, copy);
    return copy;
  }

  /** int8 [outer, steps, inner], not empty → words [outer, ⌈steps / 2⌉, inner] of two steps each. */
  paired(view: View): View {
    const { engine } = this;
    const [outer, steps, inner] = view.shape;
    const way = inner === 1 ? "along" : "across";
    const fits = view.strides[way === "along" ? 1 : 2] === 1;
    const bytes = fits ? view : this.dense(view);
    const words = this.alloc("int32", [outer, Math.ceil(steps / 2), inner]);
    engine.begin();
    engine.argumentsOf(PairArgs, {
      source: addressToRead(engine, bytes), outer: bytes.strides[0], step: bytes.strides[1], steps, inner, target: addressToWrite(engine, words),
    });
    const units = way === "along" ? outer : outer * words.shape[1];
    engine.launch(engine.kernel(`pairs ${way}`, (shared) => pairsModule(way, shared)), units, 1, sizeOf(view.shape));
    return words;
  }

  /** The same for a matrix [lines, steps]; which of the two dims lies in one piece, the result's does too. */
  pairedLines(view: View): View {
    const [lines, steps] = view.shape;
    const [line, step] = view.strides;
    if (step === 1 || lines === 1) {
      const words = this.paired(reshaped(view, [lines, steps, 1], [line, step, 1]));
      return reshaped(words, words.shape.slice(0, 2), words.strides.slice(0, 2));
    }
    const words = this.paired(reshaped(view, [1, steps, lines], [0, step, line]));
    return reshaped(words, [lines, words.shape[1]], [1, lines]);
  }
}
