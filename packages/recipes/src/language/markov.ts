import type { LanguageData } from "@dl/data";
import { chart } from "@dl/figures";
import { textTable } from "@dl/nn";
import { MarkovChain } from "@dl/sequence";
import { Generator } from "@dl/tensor";
import { defineDataCalculation } from "../define-calculation.js";

/** Part of the text, at its end, that is not counted. */
const HELD_OUT = 0.1;

/** Added to every count: without it, what was never seen would be impossible. */
const SMOOTHING = 0.01;

const ORDERS = [0, 1, 2, 3, 4, 5];

/** −ln P of a character on average. */
const nats = (chain: MarkovChain, text: readonly string[]): number => Math.log(chain.perplexity(text));

/**
 * Chapter 8: text as a stochastic process. The more characters a chain looks back, the better it knows its own text; what it says of other text gets better,
 * and then worse, when most of what it reads was never seen. (Markov, 1913; Shannon, 1948)
 */
export const markov = /* @__PURE__ */ defineDataCalculation<LanguageData>({
  name: "markov",
  title: "Markov chains of order 0 to 5 on Shakespeare's characters",
  chapter: 8,
  dataset: "tinyshakespeare",
  calculate: ({ text }, seed) => {
    // P(next | a) = count(a, next) / count(a)
    const small = new MarkovChain().fit(Array.from("abababac"));
    const [pB, pC] = ["b", "c"].map((next) => small.probability(next, ["a"]));

    const characters = Array.from(text);
    const border = Math.floor(characters.length * (1 - HELD_OUT));
    const [known, unseen] = [characters.slice(0, border), characters.slice(border)];
    // Characters that come in the end alone would have a probability of 0.
    const alphabet = new Set(known);
    const judged = unseen.filter((character) => alphabet.has(character));
    const results = ORDERS.map((order) => {
      const chain = new MarkovChain({ order, smoothing: SMOOTHING }).fit(known);
      // Written without smoothing: one character that was never seen here would lead on to nowhere but more of them.
      const written = new MarkovChain({ order }).fit(known).sample({ length: 120, generator: new Generator(seed) }).join("");
      return { order, train: nats(chain, known.slice(0, judged.length)), test: nats(chain, judged), written };
    });
    const best = results.reduce((least, result) => (result.test < least.test ? result : least));
    const curve = (name: "train" | "test") => ({ name, style: "path" as const, points: results.map((result) => [result.order, result[name]] as const) });
    return {
      text: [
        `In "abababac", b follows a with a probability of ${pB}, and c with ${pC}.`,
        "",
        ...textTable(["order", "nats of seen text", "of other text"], results.map(({ order, train, test }) => [String(order), train.toFixed(3), test.toFixed(3)]), [true, true, true]),
        "",
        ...results.flatMap(({ order, written }) => [`Order ${order} writes:`, ...written.split("\n").map((line) => `  ${line}`)]),
      ],
      numbers: { pB, pC, bestOrder: best.order, ...Object.fromEntries(results.flatMap(({ order, train, test }) => [[`train${order}`, train], [`test${order}`, test]])) },
      figures: {
        orders: chart({ title: "Markov chains of a text's characters", x: { label: "order" }, y: { label: "nats per character" }, series: [curve("train"), curve("test")] }),
      },
    };
  },
});
