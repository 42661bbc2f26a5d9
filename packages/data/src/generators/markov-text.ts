import { checkOptions, checkWhole, ShapeError, ValueError } from "@dl/registry";
import { Generator } from "@dl/tensor";
import { stationaryShares } from "./stationary.js";

export interface MarkovTextOptions {
  /** Characters to write. Default 1000. */
  readonly length?: number;
  /** Different characters. Default "abcdefgh". */
  readonly alphabet?: string;
  /** Row i: how likely each character is after character i. Default: random, each row uniform among all distributions. */
  readonly transition?: readonly (readonly number[])[];
  /** Default 0. */
  readonly seed?: number;
}

export interface MarkovText {
  readonly text: string;
  readonly alphabet: string;
  readonly transition: readonly (readonly number[])[];
  /** Nats per character: no model's mean cross-entropy on a long text is lower. */
  readonly entropyRate: number;
}

/** Uniform on the simplex: exponential numbers, divided by their sum. */
function randomRow(random: Generator, size: number): number[] {
  const row = Array.from({ length: size }, () => -Math.log(1 - random.uniform()));
  const sum = row.reduce((total, value) => total + value, 0);
  return row.map((value) => value / sum);
}

function checkTransition(transition: readonly (readonly number[])[], size: number): void {
  if (transition.length !== size || transition.some((row) => row.length !== size)) {
    throw new ShapeError("markovText", `transition has ${transition.length} rows of ${transition.map(({ length }) => length).join(", ")} for ${size} characters`, "Give one row and one column for each", { size });
  }
  for (const [i, row] of transition.entries()) {
    const sum = row.reduce((total, value) => total + value, 0);
    if (row.some((value) => !(value >= 0)) || Math.abs(sum - 1) > 1e-6) {
      throw new ValueError("markovText", `row ${i} of transition is [${row.join(", ")}]`, "Give probabilities that sum to 1", { row: i });
    }
  }
}

function drawFrom(row: readonly number[], random: Generator): number {
  let rest = random.uniform();
  const drawn = row.findIndex((share) => (rest -= share) < 0);
  return drawn >= 0 ? drawn : row.findLastIndex((share) => share > 0);
}

/** H = −Σᵢ πᵢ Σⱼ Pᵢⱼ ln Pᵢⱼ with the stationary distribution π. (Shannon, 1948) */
function entropyRate(transition: readonly (readonly number[])[]): number {
  const entropy = (row: readonly number[]): number => row.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
  return stationaryShares(transition).reduce((sum, share, i) => sum + share * entropy(transition[i]), 0);
}

/**
 * Text in which each character depends on the one before it alone: P(xₜ = j | xₜ₋₁ = i) = transition[i][j]; the first one is uniform.
 * With the entropy rate that a language model can be held against.
 * @throws ShapeError when `transition` does not fit the alphabet, ValueError when its rows do not sum to 1, or characters repeat
 */
export function markovText(options: MarkovTextOptions = {}): MarkovText {
  checkOptions("markovText", options, ["length", "alphabet", "transition", "seed"]);
  const { length = 1000, alphabet = "abcdefgh", seed = 0 } = options;
  checkWhole("markovText", "length", length, 0);
  const characters = Array.from(alphabet);
  if (characters.length === 0 || new Set(characters).size !== characters.length) {
    throw new ValueError("markovText", `the alphabet is "${alphabet}"`, "Give at least one character, each once", { alphabet });
  }
  const random = new Generator(seed);
  const transition = options.transition ?? characters.map(() => randomRow(random, characters.length));
  checkTransition(transition, characters.length);
  const states: number[] = [];
  for (let t = 0; t < length; t++) states.push(t === 0 ? random.int(characters.length) : drawFrom(transition[states[t - 1]], random));
  return { text: states.map((state) => characters[state]).join(""), alphabet, transition, entropyRate: entropyRate(transition) };
}
