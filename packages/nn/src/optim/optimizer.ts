import { StateError, ValueError } from "@dl/registry";
import { isTensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { loadTensors } from "../module/state-dict.js";
import { makeGroups, settingsOf } from "./groups.js";
import type { Group, GroupInput, Optimized } from "./groups.js";
import type { Rule } from "./update.js";

/** What an optimizer needs to go on as if it had never stopped. All but `tensors` is plain JSON. */
export interface OptimizerState {
  readonly name: string;
  /** Options of each group, and the positions of its parameters. */
  readonly groups: readonly (Readonly<Record<string, unknown>> & { readonly params: readonly number[] })[];
  /** How often each parameter was updated. */
  readonly steps: readonly number[];
  /** Kept tensors by position and name: `0.exp_avg`. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

interface Kept {
  steps: number;
  slots: Map<string, Tensor>;
}

/**
 * Base of the optimizers. A subclass says which rule a group follows and which numbers go into it; parameters without a
 * gradient are left alone. Old values stay readable to whoever holds them.
 */
export abstract class Optimizer<O extends { lr: number } = { lr: number }> {
  /** Parameters with their options, which may be changed between steps: `groups[0].lr = 1e-4`. */
  readonly groups: readonly Group<O>[];
  readonly #settings: O;
  readonly #kept = new Map<Tensor, Kept>();

  /** @param name the class's name: it stands in errors and saved states */
  constructor(readonly name: string, params: Optimized<O>, defaults: O, options: Partial<O>) {
    this.#settings = settingsOf(name, defaults, options);
    this.groups = makeGroups(name, params, this.#settings);
    for (const group of this.groups) this.check(group);
  }

  /**
   * Takes on more parameters, such as layers that were frozen until now. Options left out are the optimizer's.
   * @throws ValueError for options out of range, and for parameters that are in a group already
   */
  addParamGroup(given: GroupInput<O>): void {
    const [group] = makeGroups(`${this.name}.addParamGroup`, [given], this.#settings, new Set(this.params));
    this.check(group);
    (this.groups as Group<O>[]).push(group);
  }

  /** @throws ValueError for options out of range */
  protected abstract check(options: O): void;

  protected abstract rule(options: O): Rule;

  /**
   * Called once for every update of a parameter.
   * @param steps which update this is, from 1; @param fresh whether the parameter's kept tensors are new, and zero
   */
  protected abstract scalars(options: O, steps: number, fresh: boolean, parameter: Tensor): readonly number[];

  /** All parameters, group by group. */
  get params(): readonly Tensor[] {
    return this.groups.flatMap(({ params }) => params);
  }

  /** Updates every parameter that has a gradient. */
  step(): void {
    for (const group of this.groups) this.updateAll(group, this.rule(group));
  }

  /** Forgets the gradients. */
  zeroGrad(): void {
    for (const group of this.groups) for (const p of group.params) p.grad = null;
  }

  /** All in one call, where the backend has such. */
  private updateAll(group: Group<O>, { slots: names, update }: Rule): void {
    const jobs = group.params.flatMap((p) => {
      if (p.gradient === null) return [];
      const kept = this.keptOf(p);
      kept.steps += 1;
      const fresh = names.some((name) => !kept.slots.has(name));
      const slots = names.map((name) => kept.slots.get(name) ?? p.makeEmpty(p.shape, p.dtype));
      return [{ inputs: [p, p.gradient, ...slots], scalars: this.scalars(group, kept.steps, fresh, p), kept }];
    });
    const results = update.runEach(jobs);
    jobs.forEach(({ kept, inputs: [p, , ...slots] }, k) => {
      const [value, ...next] = results[k];
      p.adopt(value);
      names.forEach((name, i) => {
        kept.slots.set(name, next[i]);
        // Kept tensors never leave the optimizer, so the old memory has no other reader.
        p.backend.free(slots[i].buffer);
      });
    });
  }

  private keptOf(p: Tensor): Kept {
    let kept = this.#kept.get(p);
    if (kept === undefined) this.#kept.set(p, (kept = { steps: 0, slots: new Map() }));
    return kept;
  }

  /** A copy of everything a later run needs to continue. */
  stateDict(): OptimizerState {
    const { params } = this;
    const tensors = params.flatMap((p, i) => [...(this.#kept.get(p)?.slots ?? [])].map(([name, slot]) => [`${i}.${name}`, slot.clone()] as const));
    let from = 0;
    const groups = this.groups.map(({ params: own, ...options }) => {
      const positions = own.map(() => from++);
      return { ...structuredClone(options), params: positions };
    });
    return { name: this.name, groups, steps: params.map((p) => this.#kept.get(p)?.steps ?? 0), tensors: new Map(tensors) };
  }

  /**
   * Continues from a state, options of the groups included. Checked first; on failure nothing changes.
   * @throws StateError for the state of another optimizer or of other groups; ShapeError, DTypeError, ValueError
   */
  loadStateDict(state: OptimizerState): void {
    const where = `${this.name}.loadStateDict`;
    this.checkState(where, state);
    const { params } = this;
    const options = state.groups.map(({ params: _, ...saved }, i) => this.mergedOptions(this.groups[i], saved));
    const kept = params.map((p, i): Kept => {
      const names = [...state.tensors.keys()].flatMap((key) => (key.startsWith(`${i}.`) ? [key.slice(`${i}.`.length)] : []));
      return { steps: state.steps[i], slots: new Map(names.map((name) => [name, p.makeEmpty(p.shape, p.dtype)])) };
    });
    const targets = kept.flatMap(({ slots }, i) => [...slots].map(([name, slot]) => [`${i}.${name}`, slot] as const));
    const copies = [...state.tensors].map(([key, value]) => [key, isTensor(value) ? value.clone() : value] as const);
    loadTensors(where, new Map(targets), new Map(copies), true);
    this.groups.forEach((group, i) => Object.assign(group, options[i]));
    params.forEach((p, i) => { this.#kept.set(p, kept[i]); });
  }

  private mergedOptions(group: Group<O>, saved: Readonly<Record<string, unknown>>): O {
    const known = Object.keys(group).filter((key) => key !== "params");
    const merged = { ...group, ...Object.fromEntries(Object.entries(structuredClone(saved)).filter(([key]) => known.includes(key))) };
    this.check(merged);
    return merged;
  }

  /** @throws StateError, ValueError for a state that is not of this optimizer and its groups */
  protected checkState(where: string, state: OptimizerState): void {
    if (state.name !== this.name) {
      throw new StateError(where, `the state is of "${state.name}"`, `Make that optimizer, or start ${this.name} anew`, { name: state.name });
    }
    const sizes = (groups: readonly { readonly params: readonly unknown[] }[]): string => groups.map(({ params }) => params.length).join(", ");
    if (sizes(state.groups) !== sizes(this.groups)) {
      throw new StateError(where, `the state has groups of ${sizes(state.groups)} parameters, this optimizer of ${sizes(this.groups)}`, "Make it for the same model with the same groups");
    }
    const count = this.params.length;
    if (state.steps.length !== count || !state.steps.every((steps) => Number.isSafeInteger(steps) && steps >= 0)) {
      throw new ValueError(where, `steps are [${state.steps.join(", ")}]`, `Give ${count} whole numbers, as stateDict() returns them`);
    }
  }
}
