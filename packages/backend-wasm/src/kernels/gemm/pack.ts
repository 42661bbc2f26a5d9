import { code, i32, loopFrom, plus, sequence, shuffle32, unrolled, v128, when, f32x4 } from "../../assembler/index.js";
import type { Code, FunctionBuilder, Local, ModuleBuilder } from "../../assembler/index.js";

/** Rows of four vectors → columns. */
function transposed(rows: readonly Code<"v128">[]): Code<"v128">[] {
  const [a, b, c, d] = rows;
  const [ab01, ab23] = [shuffle32(a, b, [0, 4, 1, 5]), shuffle32(a, b, [2, 6, 3, 7])];
  const [cd01, cd23] = [shuffle32(c, d, [0, 4, 1, 5]), shuffle32(c, d, [2, 6, 3, 7])];
  return [shuffle32(ab01, cd01, [0, 1, 4, 5]), shuffle32(ab01, cd01, [2, 3, 6, 7]), shuffle32(ab23, cd23, [0, 1, 4, 5]), shuffle32(ab23, cd23, [2, 3, 6, 7])];
}

/**
 * pack(source, along, across, steps, count, target) → end of the target. Lays a matrix out in panels of `width` lines, a step after the
 * other: what the tile reads then lies in one row. Strides are in bytes: `along` from step to step, `across` from line to line.
 * Lines beyond `count`, up to a whole panel, become zeros.
 */
export function packFunction(module: ModuleBuilder, width: 4 | 8): number {
  return module.function(null, ["i32", "i32", "i32", "i32", "i32", "i32"], ["i32"], (f) => { new Packer(f, width).emit(); });
}

class Packer {
  private readonly source: Local<"i32">;
  private readonly along: Local<"i32">;
  private readonly across: Local<"i32">;
  private readonly steps: Local<"i32">;
  private readonly count: Local<"i32">;
  private readonly target: Local<"i32">;
  private readonly at: Local<"i32">;
  private readonly k: Local<"i32">;

  constructor(
    private readonly f: FunctionBuilder,
    private readonly width: 4 | 8,
  ) {
    [this.source, this.along, this.across, this.steps, this.count, this.target] = [0, 1, 2, 3, 4, 5].map((k) => f.param("i32", k));
    [this.at, this.k] = f.localsOf("i32", 2);
  }

  emit(): void {
    const { f, width, source, along, across, count, target } = this;
    const line = f.local("i32");
    const isWhole = i32.ge(i32.sub(count.get, line.get), i32.const(width));
    const unit = (stride: Local<"i32">): Code<"i32"> => i32.eq(stride.get, i32.const(4));
    f.push(
      loopFrom(line, i32.const(0), count.get, width, [
        this.at.set(source.get),
        this.k.set(i32.const(0)),
        when(isWhole, [when(unit(across), [this.neighbours()], [when(unit(along), [this.blocks()], [this.columns()])])]),
        this.elements(line),
        source.set(i32.add(source.get, i32.mul(across.get, i32.const(width)))),
      ]),
      code(target.get.bytes),
    );
  }

  /** Lines lie next to each other: whole vectors are moved. */
  private neighbours(): Code {
    const { at, target, along, width } = this;
    return loopFrom(this.k, i32.const(0), this.steps.get, 1, [
      unrolled(width / 4, (g) => v128.store(target.get, v128.load(at.get, 16 * g), 16 * g)),
      plus(target, 4 * width),
      at.set(i32.add(at.get, along.get)),
    ]);
  }

  /** Steps lie next to each other: four of them are turned around at a time. */
  private blocks(): Code {
    const { f, at, target, across, width } = this;
    const lines = f.localsOf("i32", width);
    const rows = f.localsOf("v128", 4);
    const turn = (g: number): Code =>
      sequence(
        rows.map((row, i) => row.set(v128.load(lines[4 * g + i].get))),
        transposed(rows.map((row) => row.get)).map((column, i) => v128.store(target.get, column, 4 * width * i + 16 * g)),
      );
    return sequence(
      lines.map((line, i) => line.set(i === 0 ? at.get : i32.add(lines[i - 1].get, across.get))),
      loopFrom(this.k, i32.const(0), i32.sub(this.steps.get, i32.const(3)), 4, [
        unrolled(width / 4, turn),
        ...lines.map((line) => plus(line, 16)),
        plus(target, 16 * width),
        plus(at, 16),
      ]),
    );
  }

  /** A whole panel with any strides. */
  private columns(): Code {
    const { f, at, target, across, along, width } = this;
    const lines = f.localsOf("i32", width);
    const gathered = (g: number): Code<"v128"> =>
      [1, 2, 3].reduce((lanes, i) => v128.load32Lane(lines[4 * g + i].get, lanes, i), v128.load32Zero(lines[4 * g].get));
    return sequence(
      lines.map((line, i) => line.set(i === 0 ? at.get : i32.add(lines[i - 1].get, across.get))),
      loopFrom(this.k, i32.const(0), this.steps.get, 1, [
        unrolled(width / 4, (g) => v128.store(target.get, gathered(g), 16 * g)),
        ...lines.map((line) => line.set(i32.add(line.get, along.get))),
        plus(target, 4 * width),
      ]),
    );
  }

  /** What the ways above left over, one element at a time. */
  private elements(line: Local<"i32">): Code {
    const { f, at, target, across, along, count, width } = this;
    const [address, lane, valid] = f.localsOf("i32", 3);
    const one = [
      i32.store(i32.add(target.get, i32.mul(lane.get, i32.const(4))), i32.load(address.get)),
      address.set(i32.add(address.get, across.get)),
    ];
    return sequence(
      valid.set(i32.sub(count.get, line.get)),
      when(i32.gt(valid.get, i32.const(width)), [valid.set(i32.const(width))]),
      loopFrom(this.k, this.k.get, this.steps.get, 1, [
        unrolled(width / 4, (g) => v128.store(target.get, f32x4.const(0), 16 * g)),
        address.set(at.get),
        loopFrom(lane, i32.const(0), valid.get, 1, one),
        plus(target, 4 * width),
        at.set(i32.add(at.get, along.get)),
      ]),
    );
  }
}
