import { Program, inputExpr, scalarExpr } from "@dl/tensor";
import type { Backend, Expr, Tensor } from "@dl/tensor";

type Formulas = (inputs: readonly Expr[], scalars: readonly Expr[]) => readonly Expr[];

/** What the formulas are computed of. */
interface Job {
  readonly inputs: readonly Tensor[];
  readonly scalars: readonly number[];
}

/**
 * Several formulas over the same tensors, computed in one kernel where the backend can write that many outputs at once.
 * Numbers that change from step to step are scalars: they recompile nothing.
 */
export class Update {
  /** Compiled forms by the number of outputs a kernel may have. */
  private readonly programs = new Map<number, readonly Program[]>();

  constructor(
    private readonly numInputs: number,
    private readonly numScalars: number,
    private readonly formulas: Formulas,
  ) {}

  /** The formulas' values in fresh memory, each like the first input. */
  run(inputs: readonly Tensor[], scalars: readonly number[]): Tensor[] {
    return this.runEach([{ inputs, scalars }])[0];
  }

  /** The formulas' values for each job in fresh memory, each like the job's first input. */
  runEach(jobs: readonly Job[]): Tensor[][] {
    const outs = jobs.map(({ inputs: [like] }) => this.programsFor(like.backend).flatMap(({ roots }) => roots.map(() => like.makeEmpty(like.shape, like.dtype))));
    const backends = new Set(jobs.map(({ inputs: [like] }) => like.backend));
    for (const backend of backends) {
      let at = 0;
      for (const program of this.programsFor(backend)) {
        const [from, to] = [at, (at += program.roots.length)];
        const calls = jobs.flatMap((job, k) => (job.inputs[0].backend === backend ? [{ inputs: job.inputs, scalars: job.scalars, outs: outs[k].slice(from, to) }] : []));
        if (backend.mapEach !== undefined) backend.mapEach(program, calls);
        else for (const call of calls) backend.map(program, call.inputs, call.outs, call.scalars);
      }
    }
    return outs;
  }

  /** Writes the formulas' values over `outs`, which are row-major and share nothing with the inputs. */
  write(inputs: readonly Tensor[], outs: readonly Tensor[], scalars: readonly number[] = []): void {
    const { backend } = outs[0];
    let at = 0;
    for (const program of this.programsFor(backend)) backend.map(program, inputs, outs.slice(at, (at += program.roots.length)), scalars);
  }

  private programsFor({ capabilities: { maxOutputs } }: Backend): readonly Program[] {
    let programs = this.programs.get(maxOutputs);
    if (programs === undefined) this.programs.set(maxOutputs, (programs = this.compile(maxOutputs)));
    return programs;
  }

  private compile(maxOutputs: number): readonly Program[] {
    const list = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
    const roots = this.formulas(list(this.numInputs, inputExpr), list(this.numScalars, scalarExpr));
    return list(Math.ceil(roots.length / maxOutputs), (i) => new Program(roots.slice(i * maxOutputs, (i + 1) * maxOutputs), this.numInputs, this.numScalars));
  }
}

/** What an optimizer does to one parameter: inputs are [parameter, gradient, ...slots], outputs [parameter, ...slots]. */
export interface Rule {
  /** Names of the tensors kept per parameter, as PyTorch's. */
  readonly slots: readonly string[];
  readonly update: Update;
}

/** Rules by a small number that tells their variants apart, each made when first used. */
export function variants(make: (variant: number) => Rule): (variant: number) => Rule {
  const made: Rule[] = [];
  return (variant) => (made[variant] ??= make(variant));
}
