import { StateError, ValueError } from "@dl/registry";
import type { Scheduled } from "./schedule.js";

/** @throws StateError unless the state is that of a schedule named `name` */
export function checkName(where: string, name: string, state: { readonly name: string }): void {
  if (state.name !== name) throw new StateError(where, `the state is of "${state.name}"`, "Load it into the schedule that gave it", { name: state.name });
}

/** @throws StateError unless there is a rate for each of `count` groups, ValueError unless they are finite numbers */
export function checkRates(where: string, rates: readonly number[], count: number): void {
  if (rates.length !== count) throw new StateError(where, `the state is of ${rates.length} groups, this optimizer has ${count}`, "Make the optimizer with the same groups");
  if (!rates.every(Number.isFinite)) throw new ValueError(where, `the rates are [${rates.join(", ")}]`, "Give a state as stateDict() returns it");
}

const isList = <V>(given: V | readonly V[]): given is readonly V[] => Array.isArray(given);

/** One value for all groups, or one for each, as a function of the group's position. */
export function perGroup<V>(where: string, name: string, given: V | readonly V[], { groups }: Scheduled): (index: number) => V {
  if (!isList(given)) return () => given;
  const check = (enough: boolean): void => {
    if (!enough) throw new ValueError(where, `got ${given.length} ${name} for ${groups.length} groups`, "Give one for each group, or one for all");
  };
  check(given.length === groups.length);
  return (index) => {
    check(index < given.length);
    return given[index];
  };
}
