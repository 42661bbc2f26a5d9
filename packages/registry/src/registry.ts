import { buildLayer, type LayerJson, type Lookup } from "./build.js";
import { UnknownNameError, ValueError } from "./errors.js";
import { unknownName } from "./names.js";
import { openBackend } from "./open.js";
import { type CONTRACT, checkPlugin, KINDS, registeredName, SINGULAR, type BackendOpener, type Entries, type Kind, type LayerClass, type Plugin } from "./plugin.js";

type EntriesOf<P, K extends Kind> = P extends Partial<Readonly<Record<K, infer M>>> ? NonNullable<M> : never;
type KeysOf<M> = M extends unknown ? keyof M & string : never;
type ValueAt<M, N> = M extends unknown ? (N extends keyof M ? M[N] : never) : never;
type ValuesOf<M> = M extends unknown ? M[keyof M] : never;
type LayersOf<P> = Extract<ValuesOf<EntriesOf<P, "layers">>, LayerClass>;

/** The names and types of everything in a union of plugins `P`, by kind. */
export type Maps<P extends Plugin> = {
  readonly [K in Kind]: K extends "layers"
    ? { readonly [C in LayersOf<P> as C["type"]]: C }
    : { readonly [N in KeysOf<EntriesOf<P, K>>]: ValueAt<EntriesOf<P, K>, N> };
};

type Instance<C> = C extends new (...args: never[]) => (infer I extends object) ? I : never;
type Options<F> = F extends (...options: infer A) => unknown ? A : F extends { create(...options: infer A): unknown } ? A : never;
type Called<F> = F extends (...options: never[]) => infer R ? Awaited<R> : F;
type Created<O> = O extends { create(...options: never[]): infer B } ? Awaited<B> : O;
type Made<F> = Created<Called<F>> & object;
type NameOf<P extends Plugin, K extends Kind> = keyof Maps<P>[K] & string;

/** Everything an app was composed of. Made by `createRegistry`. */
export type Registry<P extends Plugin> = Maps<P> & {
  /** The plugins in the order given. */
  readonly plugins: readonly P[];

  /**
   * The entry of a kind by name.
   * @throws UnknownNameError with near matches and the plugins present
   */
  get<K extends Kind, N extends NameOf<P, K>>(kind: K, name: N): Maps<P>[K][N];
  get<K extends Kind>(kind: K, name: string): Maps<P>[K][NameOf<P, K>];

  /**
   * Opens the backend `name` with the options that its entry takes.
   * @throws UnknownNameError with near matches and the plugins present
   * @throws BackendError when it says that it is not available here
   */
  backend<N extends NameOf<P, "backends">>(name: N, ...options: Options<Maps<P>["backends"][N]>): Promise<Made<Maps<P>["backends"][N]>>;
  backend(name: string, options?: object): Promise<Made<Maps<P>["backends"][NameOf<P, "backends">]>>;

  /**
   * Makes a layer from the JSON form of one: `{ type, args }`, as `JSON.stringify(model)` writes it.
   * Among the arguments, `{ type, args }` is another layer and `{ function: "gelu" }` an op or a loss by its name;
   * `children: { "path.to.field": { type, args } }` replaces submodules after construction.
   * @throws FormatError with the JSON path of what is malformed
   * @throws UnknownNameError for a type or function that no plugin has
   */
  build<J extends LayerJson<NameOf<P, "layers">>>(json: J): Instance<Maps<P>["layers"][J["type"]]>;
  build(json: unknown): Instance<Maps<P>["layers"][NameOf<P, "layers">]>;
};

/**
 * An app may say once which registry it has, so that its own code finds the type without importing the value:
 * `declare module "@dl/registry" { interface Register { registry: typeof registry } }`. Packages never do.
 */
export interface Register {
  readonly contract: typeof CONTRACT;
}

/** The app's registry if it augmented `Register`, any registry otherwise. */
export type RegisteredRegistry = Register extends { readonly registry: infer R } ? R : Registry<Plugin>;

type Tables = { readonly [K in Kind]: Record<string, Entries[K]> };

/** No prototype, so that a name such as "constructor" is not found by accident. */
const emptyTable = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

class Catalogue implements Lookup {
  readonly tables: Tables = {
    layers: emptyTable(),
    ops: emptyTable(),
    backends: emptyTable(),
    optimizers: emptyTable(),
    losses: emptyTable(),
    datasets: emptyTable(),
    recipes: emptyTable(),
  };
  readonly #owners = new Map<string, string>();
  readonly #plugins: readonly string[];

  constructor(plugins: readonly Plugin[]) {
    for (const plugin of plugins) this.#add(plugin);
    for (const kind of KINDS) Object.freeze(this.tables[kind]);
    this.#plugins = plugins.map(({ name }) => name);
  }

  #add(plugin: Plugin): void {
    checkPlugin("createRegistry", plugin);
    this.#claim("plugin", plugin.name, plugin.name);
    for (const kind of KINDS) {
      const table: Record<string, Entries[Kind]> = this.tables[kind];
      for (const [key, entry] of Object.entries<Entries[Kind]>(plugin[kind] ?? {})) {
        const name = registeredName(kind, key, entry);
        this.#claim(SINGULAR[kind], name, plugin.name);
        table[name] = entry;
      }
    }
  }

  #claim(kind: string, name: string, plugin: string): void {
    const claim = `${kind} "${name}"`;
    const owner = this.#owners.get(claim);
    if (owner !== undefined) {
      const fact = owner === plugin ? `${claim} is there twice, both from "${plugin}"` : `${claim} is in both "${owner}" and "${plugin}"`;
      throw new ValueError("createRegistry", fact, "Rename one, or leave one out", { kind, name, plugins: [owner, plugin] });
    }
    this.#owners.set(claim, plugin);
  }

  has(kind: Kind, name: string): boolean {
    return name in this.tables[kind];
  }

  find<K extends Kind>(where: string, kind: K, name: string): Entries[K] {
    if (!KINDS.includes(kind)) throw unknownName(where, "kind", kind, KINDS);
    const table = this.tables[kind];
    if (name in table) return table[name];
    const { fact, fix, details } = unknownName(where, SINGULAR[kind], name, Object.keys(table));
    const advice = fix.endsWith("?") ? fix : `${fix}.`;
    const present = `Plugins present: ${this.#plugins.join(", ") || "none"}`;
    throw new UnknownNameError(where, fact, `${advice} ${present}`, { ...details, plugins: this.#plugins });
  }
}

const hasCreate = (value: object): value is BackendOpener => "create" in value && typeof value.create === "function";

async function backendOf(lookup: Lookup, name: string, options: never[]): Promise<object> {
  const where = "registry.backend";
  const entry = lookup.find(where, "backends", name);
  const opener: object = typeof entry === "function" ? await Promise.resolve(entry(...options)) : entry;
  if (!hasCreate(opener)) return opener;
  return openBackend(where, name, opener, ...(typeof entry === "function" ? [] : options));
}

/**
 * Composes plugins into the one list of an app. Names and types are inferred from the plugins passed.
 *
 *     const registry = createRegistry(nn, vision, acme);
 *     registry.layers["vision/UNet"];
 *
 * @throws ValueError when two entries of a kind, or two plugins, have the same name, and when a contract differs
 * @throws FormatError when a plugin is malformed
 */
export function createRegistry<const P extends readonly Plugin[]>(...plugins: P): Registry<P[number]> {
  const catalogue = new Catalogue(plugins);
  const registry = {
    ...catalogue.tables,
    plugins: Object.freeze([...plugins]),
    get: (kind: Kind, name: string) => catalogue.find("registry.get", kind, name),
    backend: (name: string, ...options: never[]) => backendOf(catalogue, name, options),
    build: (json: unknown) => buildLayer(json, catalogue),
  };
  return Object.freeze(registry) as Registry<P[number]>;
}
