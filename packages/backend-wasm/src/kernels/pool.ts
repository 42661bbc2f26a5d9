import { ModuleBuilder, f32x4, i32, i32x4, loopFrom, plus, repeatWhile, sequence, v128, when } from "../assembler/index.js";
import type { Code, Local } from "../assembler/index.js";
import { word } from "./word.js";

/** Arguments, in words: byte offsets of where windows begin and of their elements are in two tables, the first filled up to fours. */
export const PoolArgs = { input: 0, planeBytes: 1, places: 2, numPlaces: 3, taps: 4, numTaps: 5, values: 6, positions: 7 } as const;

/** run(args, from, to): the largest element of each window of planes from … to, and where in its plane it lies. */
export function maxPoolModule(sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, "max pool");
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const [args, from, to] = [0, 1, 2].map((k) => f.param("i32", k));
    const held = (k: number): Local<"i32"> => f.hold("i32", word(args, k));
    const [input, planeBytes, places, numPlaces, taps, numTaps, values, positions] = Object.values(PoolArgs).map(held);
    const [plane, base, p, tap, lastTap, at, left] = f.localsOf("i32", 7);
    const windows = f.localsOf("i32", 4);
    const [best, bestAt, value, better, begins] = f.localsOf("v128", 5);
    const lanes = (): Code<"v128"> => {
      const address = (k: number): Code<"i32"> => i32.add(windows[k].get, at.get);
      return [1, 2, 3].reduce((found, k) => v128.load32Lane(address(k), found, k), v128.load32Zero(address(0)));
    };
    // The first of equals stays; NaN beats everything but NaN.
    const wins = v128.or(f32x4.gt(value.get, best.get), v128.andNot(f32x4.eq(best.get, best.get), f32x4.eq(value.get, value.get)));
    const look = [
      at.set(i32.load(tap.get)),
      value.set(lanes()),
      better.set(wins),
      best.set(v128.bitselect(value.get, best.get, better.get)),
      bestAt.set(v128.bitselect(i32x4.add(begins.get, i32x4.splat(at.get)), bestAt.get, better.get)),
      plus(tap, 4),
    ];
    const stores = (target: Local<"i32">, found: Local<"v128">): Code =>
      sequence(
        when(
          i32.ge(left.get, i32.const(4)),
          [v128.store(target.get, found.get)],
          [0, 1, 2].map((k) => when(i32.gt(left.get, i32.const(k)), [v128.store32Lane(target.get, found.get, k, 4 * k)])),
        ),
      );
    const target = (start: Local<"i32">): Code<"i32"> => i32.add(start.get, i32.mul(i32.const(4), i32.add(i32.mul(plane.get, numPlaces.get), p.get)));
    const [valueAt, positionAt] = f.localsOf("i32", 2);
    f.push(
      lastTap.set(i32.add(taps.get, i32.mul(numTaps.get, i32.const(4)))),
      loopFrom(plane, from.get, to.get, 1, [
        base.set(i32.add(input.get, i32.mul(plane.get, planeBytes.get))),
        loopFrom(p, i32.const(0), numPlaces.get, 4, [
          begins.set(v128.load(i32.add(places.get, i32.mul(p.get, i32.const(4))))),
          ...windows.map((window, k) => window.set(i32.add(base.get, i32x4.extract(begins.get, k)))),
          left.set(i32.sub(numPlaces.get, p.get)),
          tap.set(taps.get),
          // The first element wins against nothing, whatever it is.
          at.set(i32.load(tap.get)),
          best.set(lanes()),
          bestAt.set(i32x4.add(begins.get, i32x4.splat(at.get))),
          plus(tap, 4),
          when(i32.lt(tap.get, lastTap.get), [repeatWhile(look, i32.lt(tap.get, lastTap.get))]),
          bestAt.set(i32x4.shrUnsigned(bestAt.get, 2)),
          valueAt.set(target(values)),
          positionAt.set(target(positions)),
          stores(valueAt, best),
          stores(positionAt, bestAt),
        ]),
      ]),
    );
  });
  return module;
}
