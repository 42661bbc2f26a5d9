import { ModuleBuilder, f32x4, i32, loopFrom, v128 } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { along } from "./along.js";
import type { Four } from "./along.js";
import { accumulator } from "./fold.js";
import type { Accumulator } from "./fold.js";
import { word } from "./word.js";

/**
 * Arguments, in words. An array [outer, rows, inner] has one mean and one variance for each of `rows`, over everything else.
 * Forward: first is x, out is y; the gradient's first is the gradient of y, second is y.
 */
export const StandardizeArgs = { outer: 0, rows: 1, inner: 2, out: 3, mean: 4, variance: 5, first: 6, second: 7, eps: 8, share: 9 } as const;

interface Frame {
  readonly f: FunctionBuilder;
  readonly row: Local<"i32">;
  /** 1/elements of a row. */
  readonly share: Local<"v128">;
  readonly eps: Local<"v128">;
  /** Where the mean or variance of the row stands. */
  readonly of: (statistic: "mean" | "variance") => Code<"i32">;
  /** Walks over a row's elements in all of its segments. */
  readonly over: (arrays: readonly Local<"i32">[], body: (four: Four) => readonly Code[]) => Code;
}

function frame(f: FunctionBuilder): Frame {
  const [args] = [f.param("i32", 0)];
  const held = (name: keyof typeof StandardizeArgs): Local<"i32"> => f.hold("i32", word(args, StandardizeArgs[name]));
  const splat = (name: "eps" | "share"): Local<"v128"> => f.hold("v128", v128.load32Splat(args.get, 4 * StandardizeArgs[name]));
  const [outer, rows, inner, mean, variance] = (["outer", "rows", "inner", "mean", "variance"] as const).map(held);
  const [row, segment] = f.localsOf("i32", 2);
  return {
    f, row, share: splat("share"), eps: splat("eps"),
    of: (statistic) => i32.add((statistic === "mean" ? mean : variance).get, i32.mul(row.get, i32.const(4))),
    over: (arrays, body) => {
      const pointers = arrays.map(() => f.local("i32"));
      const offset = i32.mul(i32.const(4), i32.mul(i32.add(i32.mul(segment.get, rows.get), row.get), inner.get));
      return loopFrom(segment, i32.const(0), outer.get, 1, [...pointers.map((pointer, k) => pointer.set(i32.add(arrays[k].get, offset))), along(f, inner.get, pointers, body)]);
    },
  };
}

/** The mean of something over a row. */
function meanOf({ share, over }: Frame, sum: Accumulator, arrays: readonly Local<"i32">[], value: (four: Four) => Code<"v128">, into: Local<"v128">): Code[] {
  return [sum.reset(), over(arrays, (four) => [sum.add(four.only(value(four), sum.neutral))]), into.set(f32x4.mul(sum.total(), share.get))];
}

const inverseDeviation = (variance: Code<"v128">, eps: Local<"v128">): Code<"v128"> => f32x4.div(f32x4.const(1), f32x4.sqrt(f32x4.add(variance, eps.get)));

/** y = (x − mean)/√(variance + eps); the variance is taken in a second pass, around the mean. */
function forward(f: FunctionBuilder): void {
  const own = frame(f);
  const args = f.param("i32", 0);
  const [x, y] = [StandardizeArgs.first, StandardizeArgs.out].map((k) => f.hold("i32", word(args, k)));
  const [mean, variance, scale, deviation] = f.localsOf("v128", 4);
  const sum = accumulator(f, "sum", "f32");
  const centred = (four: Four): Code<"v128"> => f32x4.sub(four.load(0), mean.get);
  const squared = (four: Four): Code<"v128"> => f32x4.mul(deviation.tee(centred(four)), deviation.get);
  f.push(
    loopFrom(own.row, f.param("i32", 1).get, f.param("i32", 2).get, 1, [
      ...meanOf(own, sum, [x], (four) => four.load(0), mean),
      ...meanOf(own, sum, [x], squared, variance),
      scale.set(inverseDeviation(variance.get, own.eps)),
      own.over([x, y], (four) => [four.store(1, f32x4.mul(centred(four), scale.get))]),
      v128.store32(own.of("mean"), mean.get),
      v128.store32(own.of("variance"), variance.get),
    ]),
  );
}

/** (g − mean(g) − y·mean(g·y))/√(variance + eps). */
function gradient(f: FunctionBuilder): void {
  const own = frame(f);
  const args = f.param("i32", 0);
  const [g, y, out] = [StandardizeArgs.first, StandardizeArgs.second, StandardizeArgs.out].map((k) => f.hold("i32", word(args, k)));
  const [meanGrad, meanProduct, scale] = f.localsOf("v128", 3);
  const sum = accumulator(f, "sum", "f32");
  f.push(
    loopFrom(own.row, f.param("i32", 1).get, f.param("i32", 2).get, 1, [
      ...meanOf(own, sum, [g], (four) => four.load(0), meanGrad),
      ...meanOf(own, sum, [g, y], (four) => f32x4.mul(four.load(0), four.load(1)), meanProduct),
      scale.set(inverseDeviation(v128.load32Splat(own.of("variance")), own.eps)),
      own.over([g, y, out], (four) => [
        four.store(2, f32x4.mul(f32x4.sub(f32x4.sub(four.load(0), meanGrad.get), f32x4.mul(four.load(1), meanProduct.get)), scale.get)),
      ]),
    ]),
  );
}

/** run(args, from, to): rows from … to. */
export function standardizeModule(kind: "forward" | "gradient", sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `standardize ${kind}`);
  module.function("run", ["i32", "i32", "i32", "i32"], [], kind === "forward" ? forward : gradient);
  return module;
}
