import { ModuleBuilder, call, i32, plus, repeatWhile, when } from "../assembler/index.js";
import { importHost } from "../math/index.js";
import { MapLayout, mapFunction } from "./map.js";
import type { MapShape } from "./map.js";
import { titleOf } from "./program.js";
import { word } from "./word.js";

/** Elements of one unit of work; a call takes whole units. */
export const unitSize = 1024;

/** Arguments, in words: where the arguments of the first call begin, then for each call the unit that its own end before, and its size. */
export const MapEachArgs = { blocks: 0, table: 1 } as const;
export const wordsPerCall = 2;

/** run(args, from, to, scratch): units from … to of several calls over dense views, each with a block of arguments as `MapLayout` says. */
export function mapEachModule(shape: MapShape, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `map each ${titleOf(shape.program)}`);
  const one = mapFunction(module, null, importHost(module), shape);
  const blockBytes = 4 * new MapLayout(shape).length;
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const [args, unit, to, scratch] = [0, 1, 2, 3].map((k) => f.param("i32", k));
    const [begin, end, last, until] = f.localsOf("i32", 4);
    const entry = f.hold("i32", i32.add(args.get, i32.const(4 * MapEachArgs.table)));
    const block = f.hold("i32", i32.add(args.get, i32.mul(i32.const(4), word(args, MapEachArgs.blocks))));
    const elements = (units: typeof unit): ReturnType<typeof i32.mul> => i32.mul(i32.sub(units.get, begin.get), i32.const(unitSize));
    const cut = (bound: ReturnType<typeof i32.load>, value: typeof until) => when(i32.gt(value.get, bound), [value.set(bound)]);
    const toNextCall = [begin.set(end.get), plus(entry, 4 * wordsPerCall), plus(block, blockBytes)];
    const work = [
      last.set(to.get),
      cut(end.get, last),
      until.set(elements(last)),
      cut(i32.load(entry.get, 4), until),
      call<"none">(one, block.get, elements(unit), until.get, scratch.get),
      unit.set(last.get),
    ];
    f.push(repeatWhile([end.set(i32.load(entry.get)), when(i32.ge(unit.get, end.get), toNextCall, work)], i32.lt(unit.get, to.get)));
  });
  return module;
}
