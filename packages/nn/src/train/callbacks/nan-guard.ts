import { ValueError, checkOptions } from "@dl/registry";
import { isFloat, withGradMode } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { registerForwardHook } from "../../module/hooks.js";
import type { Module } from "../../module/module.js";
import { tensorsIn, typeName } from "../../summary/describe.js";
import type { BatchContext, TrainingCallback } from "../callback.js";
import { captureGenerators, restoreGenerators } from "../generators.js";
import type { GeneratorStates } from "../generators.js";

export interface NanGuardOptions {
  /** Check the gradients as well, which reads all of them at every batch. Default false. */
  readonly gradients?: boolean;
}

type Defect = "NaN" | "an infinite value";

/** What is wrong with a tensor's values; NaN goes before infinite ones. */
async function defectOf(x: Tensor): Promise<Defect | null> {
  if (!isFloat(x.dtype)) return null;
  const values = await x.data();
  if (values.some(Number.isNaN)) return "NaN";
  return values.every(Number.isFinite) ? null : "an infinite value";
}

async function worstOf(value: unknown): Promise<Defect | null> {
  const defects = await Promise.all(tensorsIn(value).map(defectOf));
  return defects.find((defect) => defect === "NaN") ?? defects.find((defect) => defect !== null) ?? null;
}

/** The largest magnitude in an output. */
async function largestIn(value: unknown): Promise<number> {
  let largest = 0;
  for (const x of tensorsIn(value)) for (const element of await x.data()) largest = Math.max(largest, Math.abs(element));
  return largest;
}

interface Finding {
  readonly path: string;
  readonly module: Module;
  readonly defect: Defect;
}

const describe = ({ path, module }: Omit<Finding, "defect">): string => `${path === "" ? "the model itself" : `"${path}"`} (${typeName(module)})`;

/** Runs the batch again and notes what comes out of every module, in the order in which they finish. */
async function runAgain({ model, again }: BatchContext): Promise<{ readonly findings: Finding[]; readonly repeats: boolean }> {
  const outputs: { readonly path: string; readonly module: Module; readonly output: unknown }[] = [];
  const handles = model.namedModules().map(([path, module]) => registerForwardHook(module, (_, __, output) => { outputs.push({ path, module, output }); }));
  let loss: Tensor;
  try {
    ({ loss } = withGradMode(false, again));
  } finally {
    for (const handle of handles) handle.remove();
  }
  const findings: Finding[] = [];
  for (const { path, module, output } of outputs) {
    const defect = await worstOf(output);
    if (defect !== null) findings.push({ path, module, defect });
  }
  return { findings, repeats: (await defectOf(loss)) !== null };
}

const brokenWeights = "Earlier updates spoilt the weights: lower the learning rate, or limit the gradient with clipNorm";

/** What the first module that gave a NaN (or, without one, an infinite value) has to do with it. */
async function blame(findings: readonly Finding[]): Promise<readonly [fact: string, fix: string, culprit: Finding]> {
  const culprit = findings.find(({ defect }) => defect === "NaN") ?? findings[0];
  const fact = `the first ${culprit.defect === "NaN" ? "NaN" : "infinite value"} came out of ${describe(culprit)}`;
  for (const [key, parameter] of culprit.module.namedParameters()) {
    const defect = await defectOf(parameter);
    if (defect !== null) return [`${fact}, whose parameter "${key}" holds ${defect}`, brokenWeights, culprit];
  }
  const earlier = findings.slice(0, findings.indexOf(culprit)).find(({ defect }) => defect !== "NaN");
  const before = earlier === undefined ? "" : `; an infinite value came out of ${describe(earlier)} before`;
  return [`${fact}${before}`, "Look for a division by 0, a logarithm of 0 or an overflow there", culprit];
}

/**
 * Ends a training whose loss is NaN or infinite with an error that says where it comes from: the batch is run again, with the same
 * random numbers, and the first module whose output holds a NaN is named; or the inputs, or the loss function itself. The weights
 * are those before the update.
 *
 *     new Trainer({ …, callbacks: [new NanGuard()] });
 *
 * @throws ValueError from `fit`, with `details: { path, type }` where a module is named
 */
export class NanGuard implements TrainingCallback {
  readonly name = "NanGuard";
  readonly #gradients: boolean;
  #generators: GeneratorStates | null = null;

  constructor(options: NanGuardOptions = {}) {
    checkOptions("NanGuard", options, ["gradients"]);
    this.#gradients = options.gradients ?? false;
  }

  beforeForward(model: Module): void {
    this.#generators = captureGenerators(model);
  }

  async afterLoss(context: BatchContext): Promise<void> {
    const defect = await defectOf(context.loss);
    if (defect !== null) throw await this.#explain(context, `the loss is ${defect === "NaN" ? "NaN" : "infinite"}`);
  }

  async #explain(context: BatchContext, fact: string): Promise<ValueError> {
    const { batch, model } = context;
    for (const [name, value] of [["inputs x", batch.x], ["targets y", batch.y]] as const) {
      const defect = await worstOf(value);
      if (defect !== null) return new ValueError("NanGuard", `${fact}: the batch's ${name} hold ${defect}`, "Clean the data before training");
    }
    if (this.#generators !== null) restoreGenerators(model, this.#generators);
    const { findings, repeats } = await runAgain(context);
    if (findings.length === 0 && repeats) {
      const largest = await largestIn(context.output);
      return new ValueError("NanGuard", `${fact}, although all modules gave finite values, the model's of magnitudes up to ${largest.toPrecision(3)}: it arises in the loss function itself`, largest > 1e15 ? brokenWeights : "Look for a division by 0 or a logarithm of 0 there");
    }
    if (findings.length === 0) {
      return new ValueError("NanGuard", `${fact}, and was not when the batch ran again`, "Draw random numbers of the model from the default generator, or from one in a field");
    }
    const [reason, fix, culprit] = await blame(findings);
    return new ValueError("NanGuard", `${fact}: ${reason}`, fix, { path: culprit.path, type: typeName(culprit.module) });
  }

  /** A bad gradient spreads towards the inputs, so the parameter nearest to the loss is where it begins. */
  async afterBackward({ model }: BatchContext): Promise<void> {
    if (!this.#gradients) return;
    for (const [key, { grad }] of model.namedParameters().reverse()) {
      const defect = grad === null ? null : await defectOf(grad);
      if (defect === null) continue;
      throw new ValueError("NanGuard", `the loss is finite, but the gradient of "${key}" holds ${defect}`, "Look for a square root or a logarithm at 0 behind it", { key });
    }
  }
}
