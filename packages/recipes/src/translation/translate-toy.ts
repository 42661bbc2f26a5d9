import type { ToyFrench } from "@dl/data";
import { Adam } from "@dl/nn";
import { cosineDecay } from "../cosine-decay.js";
import { trainingOptions } from "../classifier.js";
import { defineRecipe } from "../define-recipe.js";
import { evaluateTranslator, pairSamples, translationTrainer, translatorOf, writeTranslation } from "./translator.js";

/**
 * Chapters 8 and 11: small English sentences in French, where adjectives follow their noun and agree with it. Who does what in the test sentences was never
 * seen together: the network has to have learnt the grammar. `dl generate` shows the decoder word by word. (Bahdanau et al., 2015; Vaswani et al., 2017)
 */
export const translateToy = /* @__PURE__ */ defineRecipe({
  name: "translate-toy",
  title: "A small grammar, from English to French",
  chapter: 11,
  task: "sequence",
  datasets: ["toy-french"],
  options: {
    ...trainingOptions({ batchSize: 64, lr: 5e-3 }),
    epochs: { kind: "integer", default: 6, min: 1, max: 1000, description: "passes over the sentences" },
    net: { kind: "choice", default: "transformer", choices: ["transformer", "rnn"], description: "attention all the way, or a recurrent network that attends" },
    dim: { kind: "integer", default: 64, min: 4, max: 4096, description: "numbers that stand for a word" },
  },
  next: [
    { why: "recurrent networks with attention", recipe: "translate-toy", options: { net: "rnn" } },
    { why: "sentences that people wrote", recipe: "translate-enfr" },
  ],
  samples: ({ train, heldOut }: ToyFrench, { tokenizers }) => pairSamples({ train, test: heldOut }, tokenizers, false),
  model: ({ net, dim }, generator, tokenizers) => translatorOf(net, dim, tokenizers, generator),
  trainer: (model, { lr, net }, steps) => {
    const rate = net === "transformer" ? lr / 2 : lr;
    const optimizer = new Adam(model.parameters(), { lr: rate });
    return translationTrainer(model, optimizer, { labelSmoothing: 0, callbacks: [cosineDecay(optimizer, rate, steps, 0.1)] });
  },
  evaluate: (model, test, options = {}) => evaluateTranslator(model, test, options),
  generate: (model, prompt, generation) => writeTranslation(model, prompt === "" ? "The cat is on the mat" : prompt, generation),
});
