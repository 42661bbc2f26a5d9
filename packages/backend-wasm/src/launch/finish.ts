import type { Engine } from "../engine.js";
import type { Recipe } from "../heap/recipe.js";
import type { Kernel } from "../kernel.js";
import { MapLayout } from "../kernels/map.js";
import type { MapShape } from "../kernels/map.js";
import type { ModuleBuilder } from "../assembler/index.js";
import { lineShape, writeLine } from "./line.js";

/** Kernels of products that apply a formula to their outputs while these are in the cache. */
export class Finishes {
  constructor(private readonly engine: Engine) {}

  /**
   * The kernel of that name, with the formula in it; the formula's arguments are written.
   * @param at where these begin, in words
   */
  kernel(name: string, formula: Recipe | null, at: number, make: (shared: boolean, shape: MapShape | null) => ModuleBuilder): Kernel {
    const { engine } = this;
    if (formula === null) return engine.kernel(name, (shared) => make(shared, null));
    const { program, inputs, scalars, out } = formula;
    const outs = [out];
    const isWhole = scalars.every(Number.isInteger);
    const shape = lineShape(program, program.typing(inputs, isWhole), inputs, outs);
    writeLine(engine, new MapLayout(shape), { inputs, outs, scalars }, at);
    return engine.kernel(`${name}, ${program.id}:${Number(isWhole)}`, (shared) => make(shared, shape));
  }
}
