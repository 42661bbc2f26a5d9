import { Program, bytesOf, collapse, contiguousView, inputExpr, reduceOnHost, reshaped, sizeOf } from "@dl/tensor";
import type { ReduceKind, Typing, View, Walk } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { Kernel } from "../kernel.js";
import { ReduceLayout, lanesPerBlock, reduceModule } from "../kernels/reduce.js";
import type { ReduceShape, ReduceWay } from "../kernels/reduce.js";
import { accessOf } from "../kernels/reader.js";
import { addressToRead, addressToWrite, onHost } from "./views.js";

interface Plan {
  readonly kernel: Kernel;
  readonly layout: ReduceLayout;
}

const folds = { sum: "sum", max: "max", min: "min", argmax: "max", argmin: "min" } as const;

/** Elements that JavaScript has folded before a kernel has its arguments. */
const tiny = 64;

/** A reduction over so many elements is worth being cut up, when it has one output only. */
const worthSplitting = 1 << 17;
const pieces = 64;

const part = (views: readonly View[], dims: readonly number[]): Walk => {
  const shape = dims.map((d) => views[0].shape[d]);
  return collapse(shape, views.map((view) => reshaped(view, shape, dims.map((d) => view.strides[d]))));
};

/** What is folded into what, dims merged. */
interface Problem {
  readonly kind: ReduceKind;
  readonly program: Program;
  readonly typing: Typing;
  readonly inputs: readonly View[];
  readonly scalars: readonly number[];
  readonly kept: Walk;
  readonly reduced: Walk;
}

export class Reductions {
  private readonly plans = new Map<string, Plan>();
  private same: Program | undefined;

  constructor(private readonly engine: Engine) {}

  run(kind: ReduceKind, program: Program | null, inputs: readonly View[], scalars: readonly number[], dims: readonly number[], out: View): void {
    if (sizeOf(out.shape) === 0) return;
    if (sizeOf(inputs[0].shape) <= tiny) {
      const { engine } = this;
      engine.begin();
      reduceOnHost(kind, program, inputs.map((view) => onHost(engine, view)), scalars, dims, onHost(engine, out));
      return;
    }
    const formula = program ?? (this.same ??= new Program([inputExpr(0)], 1, 0));
    const typing = formula.typing(inputs, scalars.every(Number.isInteger));
    const all = inputs[0].shape.map((_, d) => d);
    const kept = part(inputs, all.filter((d) => !dims.includes(d)));
    const reduced = part(inputs, dims);
    const problem = { kind, program: formula, typing, inputs, scalars, kept, reduced };
    const length = reduced.shape[0];
    const isPosition = kind === "argmax" || kind === "argmin";
    if (!isPosition && sizeOf(kept.shape) === 1 && sizeOf(reduced.shape) >= worthSplitting && length >= pieces) this.inPieces(problem, out);
    else this.launch(problem, out);
  }

  /** The outermost reduced dim is cut into pieces of equal length and a rest; what they give is folded again. */
  private inPieces(problem: Problem, out: View): void {
    const { heap } = this.engine;
    const { reduced, inputs } = problem;
    const length = Math.floor(reduced.shape[0] / pieces);
    const rest = reduced.shape[0] - length * pieces;
    const buffer = heap.alloc(out.dtype, pieces + (rest > 0 ? 1 : 0));
    const partial = (offset: number, count: number): View => ({ buffer, dtype: out.dtype, shape: [count], strides: [1], offset });
    const outer = (size: number): Walk => ({ shape: [size, ...reduced.shape.slice(1)], strides: reduced.strides });
    this.launch({ ...problem, kept: { shape: [pieces], strides: reduced.strides.map((own) => [own[0] * length]) }, reduced: outer(length) }, partial(0, pieces));
    if (rest > 0) {
      const moved = inputs.map((view, k) => reshaped(view, view.shape, view.strides, view.offset + reduced.strides[k][0] * length * pieces));
      this.launch({ ...problem, inputs: moved, reduced: outer(rest) }, partial(pieces, 1));
    }
    this.run(problem.kind, null, [contiguousView(buffer, out.dtype, [buffer.size])], [], [0], out);
    heap.free(buffer.cell);
  }

  private launch(problem: Problem, out: View): void {
    const { engine } = this;
    const { inputs, scalars, kept, reduced, program } = problem;
    const way = wayOf(problem);
    const { kernel, layout } = this.planFor(problem, way);
    engine.begin();
    engine.argument(layout.output, addressToWrite(engine, out));
    const lastKept = kept.shape.length - 1;
    const inner = kept.shape[lastKept];
    const blocks = Math.ceil(inner / lanesPerBlock);
    const perUnit = way === "lanes" ? lanesPerBlock : 1;
    engine.argument(layout.count, inner);
    const keptShape = way === "lanes" ? kept.shape.with(lastKept, blocks) : kept.shape;
    keptShape.forEach((size, d) => { engine.argument(layout.kept + d, size); });
    reduced.shape.forEach((size, d) => { engine.argument(layout.reduced + d, size); });
    inputs.forEach((view, k) => {
      const bytes = bytesOf(view.dtype);
      let at = layout.view(k);
      engine.argument(at++, addressToRead(engine, view));
      kept.strides[k].forEach((stride, d) => { engine.argument(at++, stride * bytes * (d === lastKept ? perUnit : 1)); });
      for (const stride of reduced.strides[k]) engine.argument(at++, stride * bytes);
      engine.argument(at, reduced.strides[k][reduced.shape.length - 1] * bytes);
    });
    scalars.forEach((value, k) => {
      engine.floatArgument(layout.scalars + 2 * k, value);
      engine.argument(layout.scalars + 2 * k + 1, value);
    });
    const perOutput = sizeOf(reduced.shape);
    const work = sizeOf(kept.shape) * perOutput * (program.instructions.length + 1);
    engine.launch(kernel, sizeOf(keptShape), Math.max(1, Math.ceil(2048 / (perOutput * perUnit))), work);
  }

  private planFor(problem: Problem, way: ReduceWay): Plan {
    const { kind, program, typing, inputs, kept, reduced } = problem;
    const walk = way === "lanes" ? kept : reduced;
    const access = walk.strides.map((own) => accessOf(own[walk.shape.length - 1]));
    const key = `${kind}:${program.id}:${inputs.map(({ dtype }) => dtype).join()}:${typing.outputs[0]}:${way}:${access.join()}:${kept.shape.length}:${reduced.shape.length}:${typing.slots.join()}`;
    let plan = this.plans.get(key);
    if (plan === undefined) {
      const shape: ReduceShape = {
        kind: folds[kind],
        way,
        program,
        typing,
        inputs: inputs.map(({ dtype }, k) => ({ dtype, access: access[k] })),
        kept: kept.shape.length,
        reduced: reduced.shape.length,
      };
      this.plans.set(key, (plan = { kernel: this.engine.compile((shared) => reduceModule(shape, shared)), layout: new ReduceLayout(shape) }));
    }
    return plan;
  }
}

/** Whole vectors of outputs pay where they lie closer together than what is folded into one. */
function wayOf({ kind, kept, reduced }: Problem): ReduceWay {
  if (kind === "argmax" || kind === "argmin") return "position";
  const keptSteps = kept.strides.map((own) => own[kept.shape.length - 1]);
  const reducedSteps = reduced.strides.map((own) => own[reduced.shape.length - 1]);
  const neighbours = kept.shape[kept.shape.length - 1] > 1 && keptSteps.every((step) => step === 0 || step === 1) && keptSteps.includes(1);
  return neighbours && reducedSteps.some((step) => step !== 0 && step !== 1) ? "lanes" : "runs";
}
