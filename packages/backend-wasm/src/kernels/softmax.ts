import { ModuleBuilder, f32x4, i32, loopFrom } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { vectorMath } from "../math/index.js";
import { along, largestEverywhere } from "./along.js";
import { accumulator } from "./fold.js";
import { word } from "./word.js";

/** Arguments, in words. Rows lie one after the other; the gradient has two inputs. */
export const SoftmaxArgs = { length: 0, out: 1, first: 2, second: 3 } as const;

/** Sets `pointers` to where row `row` of each array begins. */
const toRow = (row: Local<"i32">, length: Local<"i32">, starts: readonly Local<"i32">[], pointers: readonly Local<"i32">[]): Code[] =>
  pointers.map((pointer, k) => pointer.set(i32.add(starts[k].get, i32.mul(i32.const(4), i32.mul(row.get, length.get)))));

function forward(f: FunctionBuilder, logarithm: boolean): void {
  const [args, from, to] = [0, 1, 2].map((k) => f.param("i32", k));
  const [length, out, input] = [SoftmaxArgs.length, SoftmaxArgs.out, SoftmaxArgs.first].map((k) => f.hold("i32", word(args, k)));
  const [row, x, y] = f.localsOf("i32", 3);
  const [top, total, power] = f.localsOf("v128", 3);
  const sum = accumulator(f, "sum", "f32");
  const begin = toRow(row, length, [input, out], [x, y]);
  f.push(
    loopFrom(row, from.get, to.get, 1, [
      ...begin,
      // NaN need not come through here: its own power carries it into the sum.
      top.set(f32x4.const(-Infinity)),
      along(f, length.get, [x], (four) => [top.set(f32x4.pmax(top.get, four.only(four.load(0), f32x4.const(-Infinity))))]),
      ...largestEverywhere(top),
      sum.reset(),
      ...begin,
      along(f, length.get, [x, y], (four) => {
        const store = logarithm ? [] : [four.store(1, power.get)];
        return [power.set(vectorMath.exp(f, f32x4.sub(four.load(0), top.get))), ...store, sum.add(four.only(power.get, sum.neutral))];
      }),
      total.set(sum.total()),
      ...begin,
      ...(logarithm
        ? [total.set(vectorMath.log(f, total.get)), along(f, length.get, [x, y], (four) => [four.store(1, f32x4.sub(f32x4.sub(four.load(0), top.get), total.get))])]
        : [total.set(f32x4.div(f32x4.const(1), total.get)), along(f, length.get, [y], (four) => [four.store(0, f32x4.mul(four.load(0), total.get))])]),
    ]),
  );
}

/** p·(g − Σg·p); of logarithms g − eˡ·Σg. */
function gradient(f: FunctionBuilder, logarithm: boolean): void {
  const [args, from, to] = [0, 1, 2].map((k) => f.param("i32", k));
  const [length, out, output, grad] = [SoftmaxArgs.length, SoftmaxArgs.out, SoftmaxArgs.first, SoftmaxArgs.second].map((k) => f.hold("i32", word(args, k)));
  const [row, y, g, target] = f.localsOf("i32", 4);
  const total = f.local("v128");
  const sum = accumulator(f, "sum", "f32");
  const begin = toRow(row, length, [output, grad, out], [y, g, target]);
  f.push(
    loopFrom(row, from.get, to.get, 1, [
      ...begin,
      sum.reset(),
      along(f, length.get, [y, g], (four) => [sum.add(four.only(logarithm ? four.load(1) : f32x4.mul(four.load(0), four.load(1)), sum.neutral))]),
      total.set(sum.total()),
      ...begin,
      along(f, length.get, [y, g, target], (four) => [
        four.store(2, logarithm ? f32x4.sub(four.load(1), f32x4.mul(vectorMath.exp(f, four.load(0)), total.get)) : f32x4.mul(four.load(0), f32x4.sub(four.load(1), total.get))),
      ]),
    ]),
  );
}

/** run(args, from, to): rows from … to. */
export function softmaxModule(kind: "forward" | "gradient", logarithm: boolean, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `${logarithm ? "log-softmax" : "softmax"} ${kind}`);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => { (kind === "forward" ? forward : gradient)(f, logarithm); });
  return module;
}

