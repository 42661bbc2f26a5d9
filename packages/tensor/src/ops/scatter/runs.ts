import type { Tensor } from "../../tensor.js";
import { where } from "../comparison.js";
import { gather } from "../indexing.js";
import { cat } from "../joining.js";
import { argsort } from "../order/sort.js";

/** Sources brought into the order of the places they go to, so that those of one place stand next to each other in a run. */
export interface Runs {
  readonly dim: number;
  /** The places, ascending along `dim`; broadcasts against the sources. */
  readonly places: Tensor;
  /** Brings sources into this order. */
  readonly arrange: (sources: Tensor) => Tensor;
  /** No run is longer. */
  readonly longest: number;
}

/** Runs of an index that has the shape of its sources. */
export function runsOf(index: Tensor, dim: number, longest: number): Runs {
  const order = argsort(index, { dim });
  return { dim, places: gather(index, dim, order), arrange: (sources) => gather(sources, dim, order), longest };
}

/** Whether each place is the last of its run. */
function endsOf({ places, dim }: Runs): Tensor {
  const length = places.shape[dim];
  const open = places.slice(dim, 1).eq(places.slice(dim, 0, Math.max(0, length - 1)));
  return cat([open, open.makeEmpty(places.shape.with(dim, Math.min(1, length)), "bool")], dim).eq(0);
}

/**
 * The arranged sources with each run's combination at its last place, and 0 elsewhere: what a scatterAdd then takes to its target.
 * A doubling scan that stops at the borders of runs, so any associative ∘ will do, and its gradients are those of ∘.
 */
export function combineRuns(sources: Tensor, runs: Runs, combine: (before: Tensor, here: Tensor) => Tensor): Tensor {
  const { dim, places, longest } = runs;
  const length = places.shape[dim];
  let sofar = runs.arrange(sources);
  for (let width = 1; width < Math.min(longest, length); width *= 2) {
    const [before, here] = [sofar.slice(dim, 0, length - width), sofar.slice(dim, width)];
    const same = places.slice(dim, width).eq(places.slice(dim, 0, length - width));
    sofar = cat([sofar.slice(dim, 0, width), where(same, combine(before, here), here)], dim);
  }
  return lastOfRuns(sofar, runs);
}

/** Arranged sources with 0 everywhere but at the last place of each run. */
export const lastOfRuns = (arranged: Tensor, runs: Runs): Tensor => where(endsOf(runs), arranged, 0);
