import { backward } from "@dl/autograd";
import { checkOptions } from "@dl/registry";
import type { Plugin } from "@dl/registry";
import { isBuffer, isParameter } from "@dl/nn";
import type { Layer } from "@dl/nn";
import { createReferenceBackend, isTensor, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { CheckError } from "../check.js";
import type { Check } from "../check.js";
import { expectEqual, identical, valueOf, within } from "../compare.js";
import type { Value } from "../compare.js";
import { inputsFor, joinedOutput, make, nameOf, outputsOf } from "./example.js";
import type { LayerExample } from "./example.js";
import { checkGradients, leavesOf, objectiveOf } from "./gradients.js";
import { rebuild } from "./rebuild.js";

export interface LayerOptions {
  /** The plugins an app would compose to load the layer. Classes that they lack are added, ops are not. */
  readonly plugins?: readonly Plugin[];
}

interface Subject {
  readonly example: LayerExample;
  readonly plugins: readonly Plugin[];
}

type Verdict = (subject: Subject) => void | Promise<void>;

const valuesOf = (tensors: Iterable<Tensor>): Promise<Value[]> => Promise.all([...tensors].map(valueOf));

async function expectSame(where: string, actual: Iterable<Tensor>, expected: readonly Value[], fix: string, equal = identical): Promise<void> {
  (await valuesOf(actual)).forEach((value, i) => { expectEqual(`${where}, tensor ${i}`, value, expected[i], equal, fix); });
}

/** Output in training, the state that it leaves, and output in evaluation: what makes two layers the same. Puts the state back. */
async function behaviourOf(layer: Layer, example: LayerExample): Promise<readonly Value[]> {
  const before = layer.stateDict();
  const trained = outputsOf(layer.train(), inputsFor(example));
  const state = layer.stateDict().values();
  const evaluated = outputsOf(layer.eval(), inputsFor(example));
  layer.loadStateDict(before);
  return valuesOf([...trained, ...state, ...evaluated]);
}

function expectBehaviour(where: string, actual: readonly Value[], expected: readonly Value[], fix: string): void {
  actual.forEach((value, i) => { expectEqual(`${where}, value ${i} of its outputs and state`, value, expected[i], identical, fix); });
}

const hasOutputShape: Verdict = ({ example }) => {
  const layer = make(example);
  const { outputShape } = example;
  const [first] = outputsOf(layer, inputsFor(example));
  if (outputShape !== undefined && showShape(first.shape) !== showShape(outputShape)) {
    throw new CheckError(nameOf(layer), `the output has shape ${showShape(first.shape)}, not ${showShape(outputShape)}`, "Mend the layer, or the example");
  }
};

/** What takes part in the computation and wants a gradient must be a parameter, or no optimizer and no file would ever see it. */
const findsParameters: Verdict = ({ example }) => {
  const layer = make(example);
  const known = new Set<Tensor>(layer.parameters());
  const forgotten = outputsOf(layer, inputsFor(example)).flatMap(leavesOf).find((x) => !known.has(x));
  if (forgotten !== undefined) {
    throw new CheckError(
      nameOf(layer),
      `forward uses a tensor of shape ${showShape(forgotten.shape)} that requires a gradient but is not in parameters()`,
      "Keep it in a public field as parameter(tensor), not in a #private field or a closure",
    );
  }
};

const fieldsAreState: Verdict = ({ example }) => {
  for (const [path, module] of make(example).namedModules()) {
    const stray = Object.entries(module).find(([, value]) => isTensor(value) && !isParameter(value) && !isBuffer(value));
    if (stray !== undefined) {
      const field = path === "" ? stray[0] : `${path}.${stray[0]}`;
      throw new CheckError(module.constructor.name, `the field "${field}" holds a plain tensor`, "Wrap it: parameter(tensor) when it is learnt, buffer(tensor) otherwise; files and to() skip it as it is");
    }
  }
};

const gradientsReachAll: Verdict = ({ example }) => {
  const layer = make(example);
  const parameters = layer.namedParameters();
  if (parameters.length === 0) return;
  const objective = objectiveOf(layer, inputsFor(example));
  if (objective.requiresGrad) backward(objective);
  const missed = parameters.find(([key, { grad }]) => grad === null && !(example.unreached ?? []).includes(key));
  if (missed !== undefined) {
    throw new CheckError(nameOf(layer), `no gradient reaches the parameter "${missed[0]}"`, "Use it in forward without detach, or list it in the example's unreached");
  }
};

const stateRoundTrip: Verdict = async ({ example }) => {
  const original = make(example);
  // In training first, so that running statistics differ from their initial values.
  outputsOf(original, inputsFor(example));
  const other = make(example, 2);
  other.loadStateDict(original.stateDict());
  const where = `${nameOf(original)} with the state of another one`;
  expectBehaviour(where, await behaviourOf(other, example), await behaviourOf(original, example), "Keep everything that is learnt or counted in parameters and buffers");
};

const hasSnakeCaseKeys: Verdict = ({ example }) => {
  const layer = make(example);
  const bad = [...layer.stateDict().keys()].find((key) => !/^[a-z0-9_]+(\.[a-z0-9_]+)*$/.test(key));
  if (bad !== undefined) throw new CheckError(nameOf(layer), `the state key "${bad}" is not snake_case`, "Name fields in camelCase; keys follow from them");
};

const jsonRoundTrip: Verdict = async ({ example, plugins }) => {
  const original = make(example);
  const other = rebuild(original, plugins);
  const where = `${nameOf(original)} rebuilt from its JSON`;
  if (other.constructor !== original.constructor) throw new CheckError(where, `it is a ${nameOf(other)}`, "Give each class a static type of its own");
  const [before, after] = [JSON.stringify(original), JSON.stringify(other)];
  if (before !== after) throw new CheckError(where, `its own JSON is ${after}, not ${before}`, "Hand all of the constructor's arguments to super([…])");
  other.loadStateDict(original.stateDict());
  expectBehaviour(where, await behaviourOf(other, example), await behaviourOf(original, example), "Hand all of the constructor's arguments and options to super([…])");
};

const isDeterministic: Verdict = async ({ example }) => {
  const [first, second] = [make(example), make(example)];
  await expectSame(`${nameOf(first)} made twice with one seed`, second.stateDict().values(), await valuesOf(first.stateDict().values()), "Draw initial values from the default generator, or the one given");
  expectBehaviour(`${nameOf(first)} run twice with one seed`, await behaviourOf(second, example), await behaviourOf(first, example), "Draw random numbers from the default generator, or the one given");
};

const evaluationIsStill: Verdict = async ({ example }) => {
  const layer = make(example).eval();
  const inputs = inputsFor(example);
  const given = await valuesOf(inputs);
  const state = await valuesOf(layer.stateDict().values());
  outputsOf(layer, inputs);
  const fix = "Change state only in training, and inputs never";
  await expectSame(`${nameOf(layer)}: state after forward in evaluation`, layer.stateDict().values(), state, fix);
  await expectSame(`${nameOf(layer)}: inputs after forward`, inputs, given, fix);
};

const movesBetweenBackends: Verdict = async ({ example }) => {
  const layer = make(example).eval();
  const expected = await valueOf(joinedOutput(layer, inputsFor(example)));
  const backend = createReferenceBackend();
  const moved = joinedOutput(layer.to(backend), inputsFor(example, { backend }));
  expectEqual(`${nameOf(layer)} on another backend`, await valueOf(moved), expected, within(1e-4), "Make helper tensors on the backend of the inputs");
};

function verdictsOf({ gradient }: LayerExample): Readonly<Record<string, Verdict>> {
  return {
    "output shape": hasOutputShape,
    "parameters found": findsParameters,
    "fields are parameters or buffers": fieldsAreState,
    "gradients reach all parameters": gradientsReachAll,
    ...(gradient !== false && {
      "gradient in training": ({ example }: Subject) => { checkGradients(example, true); },
      "gradient in evaluation": ({ example }: Subject) => { checkGradients(example, false); },
    }),
    "state round trip": stateRoundTrip,
    "state keys": hasSnakeCaseKeys,
    "JSON round trip": jsonRoundTrip,
    deterministic: isDeterministic,
    "evaluation changes nothing": evaluationIsStill,
    "moves to another backend": movesBetweenBackends,
  };
}

/**
 * Checks a layer on an example: output shape; every tensor that learns is found as a parameter, gets a gradient and has a
 * snake_case key; gradients in float64; state and JSON bring the same layer back; the same seed gives the same bits;
 * evaluation changes no state; it runs on the backend it is moved to.
 */
export function testLayer(example: LayerExample, options: LayerOptions = {}): Check[] {
  checkOptions("testLayer", options, ["plugins"]);
  const { plugins = [] } = options;
  return Object.entries(verdictsOf(example)).map(([name, verdict]) => ({ name, run: () => verdict({ example, plugins }) }));
}
