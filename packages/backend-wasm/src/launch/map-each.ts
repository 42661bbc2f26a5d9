import { sizeOf } from "@dl/tensor";
import type { MapCall, Program, Typing, View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { Kernel } from "../kernel.js";
import { MapEachArgs, mapEachModule, unitSize, wordsPerCall } from "../kernels/map-each.js";
import { MapLayout } from "../kernels/map.js";
import { isDense, lineShape, writeLine } from "./line.js";
import type { Maps } from "./map.js";

/** Calls of one launch: their arguments have to fit. */
const mostCalls = 128;

const isDenseFloat = (view: View): boolean => view.dtype === "float32" && isDense(view);
const isSimple = ({ inputs, outs }: MapCall): boolean => [...inputs, ...outs].every(isDenseFloat);

interface Plan {
  readonly kernel: Kernel;
  readonly layout: MapLayout;
}

/** One formula over many tensors in one launch: for small tensors, such as a model's biases, launching costs more than computing. */
export class MapsOfMany {
  private readonly plans = new Map<Typing, Plan>();

  constructor(
    private readonly engine: Engine,
    private readonly maps: Maps,
  ) {}

  run(program: Program, calls: readonly MapCall[]): void {
    for (const { inputs, outs, scalars } of calls.filter((call) => !isSimple(call))) this.maps.run(program, inputs, outs, scalars);
    const simple = calls.filter((call) => isSimple(call) && sizeOf(call.outs[0].shape) > 0);
    for (let from = 0; from < simple.length; from += mostCalls) this.together(program, simple.slice(from, from + mostCalls));
  }

  private together(program: Program, calls: readonly MapCall[]): void {
    const { engine } = this;
    const { kernel, layout } = this.planFor(program, calls);
    const blocks = MapEachArgs.table + calls.length * wordsPerCall;
    engine.begin();
    engine.argument(MapEachArgs.blocks, blocks);
    let [units, elements] = [0, 0];
    calls.forEach((call, i) => {
      const size = sizeOf(call.outs[0].shape);
      units += Math.ceil(size / unitSize);
      elements += size;
      engine.argument(MapEachArgs.table + i * wordsPerCall, units);
      engine.argument(MapEachArgs.table + i * wordsPerCall + 1, size);
      writeLine(engine, layout, call, blocks + i * layout.length);
    });
    engine.launch(kernel, units, 1, elements * (program.instructions.length + 1));
  }

  private planFor(program: Program, calls: readonly MapCall[]): Plan {
    const { inputs, outs } = calls[0];
    const typing = program.typing(inputs, calls.every(({ scalars }) => scalars.every(Number.isInteger)));
    let plan = this.plans.get(typing);
    if (plan === undefined) {
      const shape = lineShape(program, typing, inputs, outs);
      this.plans.set(typing, (plan = { kernel: this.engine.compile((shared) => mapEachModule(shape, shared)), layout: new MapLayout(shape) }));
    }
    return plan;
  }
}
