import { checkOptions, createRegistry, definePlugin } from "@dl/registry";
import type { LayerClass, Plugin } from "@dl/registry";
import { nn } from "@dl/nn";
import type { Layer } from "@dl/nn";
import { opBrand } from "@dl/tensor";
import type { Example, Op } from "@dl/tensor";
import { core } from "@dl/tensor/ops";
import { CheckError } from "./check.js";
import type { Check } from "./check.js";
import { isLayer, make } from "./layer/example.js";
import type { LayerExample } from "./layer/example.js";
import { testLayer } from "./layer/layer.js";
import { testOp } from "./op.js";

export interface PluginOptions {
  /** The examples of the plugin's ops. */
  readonly examples?: () => readonly Example[];
  /** Examples of its layers. A layer whose constructor needs no arguments is tried on an input of shape [2, 3] without one. */
  readonly layers?: () => readonly LayerExample[];
  /** Plugins that an app composes with this one; by default the core and nn, without which no app is. */
  readonly plugins?: readonly Plugin[];
}

const isOp = (value: unknown): value is Op => typeof value === "function" && opBrand in value;

function entryChecks(plugin: Plugin, others: readonly Plugin[]): Check[] {
  const { name, ops = {}, layers = {} } = plugin;
  return [
    { name: `${name}: fits the contract`, run: () => { definePlugin(plugin); } },
    { name: `${name}: composes with other plugins`, run: () => { createRegistry(...others, plugin); } },
    ...Object.entries(ops).map(([key, op]): Check => ({
      name: `${name}: ops.${key} is an op of that name`,
      run: () => {
        if (!isOp(op)) throw new CheckError(`ops.${key}`, "it is a plain function", "Make it with elementwise, defineOp, defineView or defineComposite");
        if (op.name !== key) throw new CheckError(`ops.${key}`, `the op calls itself "${op.name}"`, "Register it under its own name");
      },
    })),
    ...Object.entries(layers).map(([key, { type }]): Check => ({
      name: `${name}: layers.${key} has a type of its own`,
      run: () => {
        const wanted = `<package>/${key}`;
        if (!type.endsWith(`/${key}`) || type.length === key.length + 1) throw new CheckError(`layers.${key}`, `its type is "${type}"`, `Write static readonly type = "${wanted}"`);
      },
    })),
  ];
}

function opChecks({ name, ops = {} }: Plugin, examples: readonly Example[]): Check[] {
  const own = Object.values(ops).filter(isOp);
  const strangers = [...new Set(examples.map(({ op }) => op))].filter((op) => !own.includes(op));
  return [
    ...own.flatMap((op) => testOp(op, examples)),
    ...strangers.map((op): Check => ({
      name: `${name}: examples are of its own ops`,
      run: () => { throw new CheckError(name, `an example is of "${op.name}", which is not among the plugin's ops`, "List the op in the plugin, or leave the example out"); },
    })),
  ];
}

/** Whether `new own()` works: a class's length says nothing where the constructor is inherited or has defaults. */
function refusalOf(make: () => Layer): string | null {
  try {
    make();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function layerChecks(own: LayerClass, examples: readonly LayerExample[], plugins: readonly Plugin[]): Check[] {
  const matching = examples.filter((example) => make(example).constructor === own);
  const withoutArguments = (): Layer => {
    const layer = new own();
    if (!isLayer(layer)) throw new CheckError(own.type, "it is no Layer", "Extend Layer of @dl/nn");
    return layer;
  };
  const refusal = matching.length > 0 ? null : refusalOf(withoutArguments);
  const used = matching.length > 0 ? matching : refusal === null ? [{ layer: withoutArguments, shapes: [[2, 3]] }] : [];
  const presence: Check = {
    name: `${own.type}: has examples`,
    run: () => {
      if (refusal !== null) {
        throw new CheckError(own.type, `the layer has no example and cannot be made without arguments (${refusal})`, "Pass layers: () => [{ layer: () => new …, shapes: [[2, 3]] }]");
      }
    },
  };
  const checks = used.flatMap((example, i) => testLayer(example, { plugins }).map((check): Check => ({ ...check, name: `${own.type} #${i}: ${check.name}` })));
  return [presence, ...checks];
}

/**
 * A plugin's whole test: the contract, names, and the suites of every op and layer in it.
 * An op without examples fails, and so does a layer that needs arguments and has none.
 */
export function testPlugin(plugin: Plugin, options: PluginOptions = {}): Check[] {
  checkOptions("testPlugin", options, ["examples", "layers", "plugins"]);
  const { examples = () => [], layers = () => [], plugins = [core, nn].filter(({ name }) => name !== plugin.name) } = options;
  const samples = layers();
  return [
    ...entryChecks(plugin, plugins),
    ...opChecks(plugin, examples()),
    ...Object.values(plugin.layers ?? {}).flatMap((own) => layerChecks(own, samples, [...plugins, plugin])),
  ];
}

