import { CONTRACT, createRegistry, definePlugin } from "@dl/registry";
import type { LayerClass, Plugin, Registry } from "@dl/registry";
import type { Layer, Module } from "@dl/nn";
import { CheckError } from "../check.js";
import { isLayer, nameOf } from "./example.js";

const isLayerClass = (value: unknown): value is LayerClass =>
  typeof value === "function" && Object.hasOwn(value, "type") && "type" in value && typeof value.type === "string" && value.type !== "";

/** The layer's class and those below it that none of `plugins` has. */
function ownClasses(layer: Layer, plugins: readonly Plugin[]): Record<string, LayerClass> {
  const known = new Set(plugins.flatMap(({ layers = {} }) => Object.values(layers).map(({ type }) => type)));
  const classes = layer.namedModules().map(([, module]: [string, Module]): unknown => module.constructor);
  return Object.fromEntries(classes.filter(isLayerClass).filter(({ type }) => !known.has(type)).map((own) => [own.type, own]));
}

const registryFor = (layer: Layer, plugins: readonly Plugin[]): Registry<Plugin> =>
  createRegistry(...plugins, definePlugin({ name: "under test", contract: CONTRACT, layers: ownClasses(layer, plugins) }));

/** The layer again, from its JSON as a file would hold it. */
export function rebuild(layer: Layer, plugins: readonly Plugin[]): Layer {
  const json: unknown = JSON.parse(JSON.stringify(layer));
  const made: object = registryFor(layer, plugins).build(json);
  if (!isLayer(made)) throw new CheckError(nameOf(layer), "what the registry builds is no Layer", "Extend Layer of @dl/nn");
  return made;
}
