import { FormatError, ValueError } from "./errors.js";
import { checkOptions } from "./names.js";

/** The version of the agreement between plugins and the registry. A breaking change of `Plugin` raises it. */
export const CONTRACT = 1;

/** A class that files can name: `type` is its public name, such as `"nn/Linear"`. */
export interface LayerClass {
  readonly type: string;
  new (...args: never[]): object;
}

type AnyFunction = (...args: never[]) => unknown;

/** A way to open a backend that can be asked first. */
export interface BackendOpener {
  isAvailable?(): boolean | Promise<boolean>;
  create(...options: never[]): object;
}

/** What one entry of each kind has to be. Everything is structural: the registry knows no other package. */
export interface Entries {
  layers: LayerClass;
  ops: AnyFunction;
  /** An opener, or a function of options that returns one, or the backend itself. */
  backends: ((...options: never[]) => object) | BackendOpener;
  optimizers: new (...args: never[]) => object;
  losses: AnyFunction;
  datasets: object;
  recipes: object;
}

export type Kind = keyof Entries;

export const KINDS = ["layers", "ops", "backends", "optimizers", "losses", "datasets", "recipes"] as const satisfies readonly Kind[];

/** One entry in words, for messages. */
export const SINGULAR: Readonly<Record<Kind, string>> = {
  layers: "layer",
  ops: "op",
  backends: "backend",
  optimizers: "optimizer",
  losses: "loss",
  datasets: "data set",
  recipes: "recipe",
};

/** What a package offers to an app. A plain value: making or importing one runs nothing. */
export type Plugin = {
  /** The package's name; messages about clashes use it. */
  readonly name: string;
  /** The `CONTRACT` that the plugin was written for. */
  readonly contract: number;
} & { readonly [K in Kind]?: Readonly<Record<string, Entries[K]>> };

type NoOtherKeys<P> = Readonly<Record<Exclude<keyof P, keyof Plugin>, never>>;

/** The name under which an entry is registered: a layer's is its class's `type`, any other's is its key. */
export function registeredName(kind: Kind, key: string, entry: object): string {
  return kind === "layers" && "type" in entry && typeof entry.type === "string" ? entry.type : key;
}

function checkEntry(where: string, kind: Kind, key: string, entry: unknown): void {
  const described = `${SINGULAR[kind]} "${key}"`;
  const found = entry === null ? "null" : `of type ${typeof entry}`;
  if (kind === "backends" || kind === "datasets" || kind === "recipes") {
    if ((typeof entry !== "object" && typeof entry !== "function") || entry === null) {
      throw new FormatError(where, `${described} is ${found}`, "Give it an object that describes it");
    }
    return;
  }
  if (typeof entry !== "function") throw new FormatError(where, `${described} is ${found}`, "Give it a function or a class");
  if (kind === "layers" && !("type" in entry && typeof entry.type === "string" && entry.type !== "")) {
    throw new FormatError(where, `${described} has no type`, `Add it to the class: static readonly type = "<package>/${key}";`);
  }
}

function checkContract(where: string, contract: unknown): void {
  if (contract === CONTRACT) return;
  if (typeof contract !== "number" || !Number.isInteger(contract)) {
    throw new FormatError(where, `contract is ${String(contract)}`, `Write contract: ${String(CONTRACT)}`);
  }
  throw new ValueError(
    where,
    `the plugin speaks contract ${String(contract)}, this @dl/registry speaks contract ${String(CONTRACT)}`,
    contract > CONTRACT ? "Update @dl/registry" : "Update the plugin",
    { contract, supported: CONTRACT },
  );
}

/** Throws unless `plugin` is well-formed and of this contract. Names `caller` and the plugin. */
export function checkPlugin(caller: string, plugin: Plugin): void {
  if (typeof plugin.name !== "string" || plugin.name === "") {
    throw new FormatError(caller, `a plugin's name is ${JSON.stringify(plugin.name)}`, 'Give it its package\'s name, such as "acme-layers"');
  }
  const where = `${caller}(${JSON.stringify(plugin.name)})`;
  checkContract(where, plugin.contract);
  checkOptions(where, plugin, ["name", "contract", ...KINDS]);
  for (const kind of KINDS) {
    const entries: unknown = plugin[kind];
    if (entries === undefined) continue;
    if (typeof entries !== "object" || entries === null || Array.isArray(entries)) {
      throw new FormatError(where, `${kind} is not an object of named entries`, `Write ${kind}: { name: value }`);
    }
    for (const [key, entry] of Object.entries(entries)) checkEntry(where, kind, key, entry);
  }
}

/**
 * Declares what a package offers, keeping the literal names and exact types of its entries.
 * Layers are registered under their class's `type`, everything else under its key.
 *
 *     export const acme = definePlugin({ name: "acme-softsign", contract: 1, ops: { softsign }, layers: { Softsign } });
 *
 * @throws FormatError when an entry has the wrong shape
 * @throws ValueError when `contract` is newer or older than this registry's `CONTRACT`
 * @throws UnknownNameError on a kind of entry that does not exist
 */
export function definePlugin<const P extends Plugin>(plugin: P & NoOtherKeys<P>): P {
  checkPlugin("definePlugin", plugin);
  return plugin;
}
