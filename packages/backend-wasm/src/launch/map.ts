import { bytesOf, collapse, sizeOf } from "@dl/tensor";
import type { Program, Typing, View, Walk } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { Kernel } from "../kernel.js";
import { MapLayout, mapModule } from "../kernels/map.js";
import { accessOf } from "../kernels/reader.js";
import type { Access } from "../kernels/reader.js";
import { isDense, lineShape, writeLine } from "./line.js";
import { addressToRead, addressToWrite } from "./views.js";

/** A kernel, and where its arguments go. */
interface Plan {
  readonly kernel: Kernel;
  readonly layout: MapLayout;
}

const codes: Readonly<Record<Access, number>> = { unit: 0, splat: 1, strided: 2 };

export class Maps {
  /** By program, then by typing, then by a number for how the views walk. */
  private readonly plans: (Map<Typing, Map<number, Plan>> | undefined)[] = [];

  constructor(private readonly engine: Engine) {}

  run(program: Program, inputs: readonly View[], outs: readonly View[], scalars: readonly number[]): void {
    const size = sizeOf(outs[0].shape);
    if (size === 0) return;
    const typing = program.typing(inputs, scalars.every(Number.isInteger));
    if (inputs.every(isDense) && outs.every(isDense)) this.line(program, typing, inputs, outs, scalars, size);
    else this.rows(program, typing, inputs, outs, scalars, collapse(outs[0].shape, [...inputs, ...outs]));
  }

  /** Everything lies in one row. */
  private line(program: Program, typing: Typing, inputs: readonly View[], outs: readonly View[], scalars: readonly number[], size: number): void {
    const { engine } = this;
    const { kernel, layout } = this.planFor(program, typing, inputs, outs, null, 0);
    engine.begin();
    writeLine(engine, layout, { inputs, outs, scalars });
    engine.launch(kernel, size, grain, size * (program.instructions.length + 1));
  }

  private rows(program: Program, typing: Typing, inputs: readonly View[], outs: readonly View[], scalars: readonly number[], walk: Walk): void {
    const { engine } = this;
    const depth = walk.shape.length - 1;
    const { kernel, layout } = this.planFor(program, typing, inputs, outs, walk, depth);
    engine.begin();
    const inner = walk.shape[depth];
    engine.argument(layout.size, inner);
    for (let d = 0; d < depth; d++) engine.argument(1 + d, walk.shape[d]);
    [...inputs, ...outs].forEach((view, k) => {
      const at = layout.view(k);
      const bytes = bytesOf(view.dtype);
      engine.argument(at, k < inputs.length ? addressToRead(engine, view) : addressToWrite(engine, view));
      engine.argument(at + 1, walk.strides[k][depth] * bytes);
      for (let d = 0; d < depth; d++) engine.argument(at + 2 + d, walk.strides[k][d] * bytes);
    });
    layout.writeScalars(engine, scalars);
    const size = sizeOf(walk.shape);
    const work = size * (program.instructions.length + 1);
    // Rows of a few elements are handed out many at a time.
    if (depth === 0) engine.launch(kernel, size, grain, work);
    else engine.launch(kernel, size / inner, Math.max(1, Math.ceil(grain / inner)), work);
  }

  private planFor(program: Program, typing: Typing, inputs: readonly View[], outs: readonly View[], walk: Walk | null, depth: number): Plan {
    const byTyping = (this.plans[program.id] ??= new Map<Typing, Map<number, Plan>>());
    let plans = byTyping.get(typing);
    if (plans === undefined) byTyping.set(typing, (plans = new Map<number, Plan>()));
    let key = depth;
    if (walk !== null) for (let k = 0; k < inputs.length; k++) key = key * 3 + codes[accessOf(walk.strides[k][depth])];
    // Depths are told apart from accesses by their place: every input adds a digit, all programs of one table have equally many.
    else key = depth * 3 ** inputs.length;
    let plan = plans.get(key);
    if (plan === undefined) plans.set(key, (plan = this.compile(program, typing, inputs, outs, walk, depth)));
    return plan;
  }

  private compile(program: Program, typing: Typing, inputs: readonly View[], outs: readonly View[], walk: Walk | null, depth: number): Plan {
    const line = lineShape(program, typing, inputs, outs);
    const shape = walk === null ? line : { ...line, inputs: line.inputs.map(({ dtype }, k) => ({ dtype, access: accessOf(walk.strides[k][depth]) })), depth };
    return { kernel: this.engine.compile((shared) => mapModule(shape, shared)), layout: new MapLayout(shape) };
  }
}

/** Elements of the smallest piece of work: a whole number of cache lines of every dtype. */
const grain = 1024;
