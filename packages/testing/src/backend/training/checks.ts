import type { DType } from "@dl/tensor";
import { CheckError } from "../../check.js";
import type { Check } from "../../check.js";
import { needsOf } from "../needs.js";
import type { Pair } from "../kernel-checks.js";
import type { Named } from "../named.js";
import { lossesOf, trainings } from "./runs.js";
import type { Training } from "./runs.js";

const steps = 20;
/** Relative, of every loss: float32 sums in another order stay below, a wrong gradient does not. */
const tolerance = 1e-3;

const check = (training: Training, { backend, oracle }: Pair): Check => ({
  name: `training: ${training.name} follows the oracle's losses for ${steps} steps`,
  run: async () => {
    const [expected, actual] = [await lossesOf(training, oracle, steps), await lossesOf(training, backend, steps)];
    const apart = actual.findIndex((loss, i) => !(Math.abs(loss - expected[i]) <= tolerance * Math.abs(expected[i])));
    if (apart !== -1) {
      throw new CheckError(`training ${training.name}`, `the loss of step ${apart} is ${actual[apart]}, the oracle's ${expected[apart]}`, "If all kernels pass, look at memory: what is reused too early, what is never written back");
    }
    const again = await lossesOf(training, backend, steps);
    const changed = again.findIndex((loss, i) => !Object.is(loss, actual[i]));
    if (changed !== -1) {
      throw new CheckError(`training ${training.name}`, `the loss of step ${changed} is ${again[changed]} the second time, ${actual[changed]} the first`, "The same calls must give the same bits");
    }
  },
});

/** Whole trainings whose losses have to be the oracle's, step by step. */
export const trainingChecks = (pair: Pair, declared: (dtypes: Iterable<DType>) => boolean): Named[] =>
  trainings
    .filter((training) => declared(needsOf((backend) => { void lossesOf(training, backend, 1); }).dtypes))
    .map((training) => ["training", check(training, pair)]);
