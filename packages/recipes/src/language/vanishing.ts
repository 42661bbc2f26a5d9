import { chart } from "@dl/figures";
import { GRU, LSTM, RNN } from "@dl/nn";
import { gradientThroughTime } from "@dl/sequence";
import { Generator, randn } from "@dl/tensor";
import { defineCalculation } from "../define-calculation.js";

const [STEPS, FEATURES, HIDDEN, SEQUENCES] = [50, 4, 16, 4];

/**
 * Chapter 9: how much the last hidden state still depends on what was read 50 steps before. An Elman network multiplies by its weights at every step, and
 * what is multiplied 50 times vanishes; the cell of an LSTM whose forget gate starts open carries it along. (Hochreiter, 1991; Gers et al., 2000)
 */
export const vanishingGradients = /* @__PURE__ */ defineCalculation({
  name: "vanishing-gradients",
  title: "Gradients through 50 steps of recurrent networks",
  chapter: 9,
  calculate: (seed) => {
    const options = () => ({ batchFirst: true, generator: new Generator(seed) });
    const networks = {
      // h′ = tanh(U·x + W·h + b)
      Elman: new RNN(FEATURES, HIDDEN, options()),
      // h′ = (1 − z)·n + z·h
      GRU: new GRU(FEATURES, HIDDEN, options()),
      // c′ = f·c + i·g with f = σ(… + 1)
      LSTM: new LSTM(FEATURES, HIDDEN, { ...options(), forgetBias: 1 }),
    };
    const x = randn([SEQUENCES, STEPS, FEATURES], { generator: new Generator(seed) });
    const norms = Object.entries(networks).map(([name, network]) => ({ name, values: gradientThroughTime(network, x) }));
    const [elman, gru, lstm] = norms.map(({ values }) => values[0]);
    return {
      text: [
        "‖∂h_T/∂x_t‖    at t = 1   at t = 50",
        ...norms.map(({ name, values }) => `${name.padEnd(11)} ${values[0].toExponential(1).padStart(11)} ${values[STEPS - 1].toExponential(1).padStart(11)}`),
        `What the LSTM's last state keeps of the first step is ${Math.round(lstm / elman).toLocaleString("en-US")} times as much as in the Elman network.`,
      ],
      numbers: { elman, gru, lstm, ratio: lstm / elman },
      figures: {
        gradients: chart({
          title: "How much the last state depends on each step",
          x: { label: "step t" },
          y: { label: "‖∂h_T/∂x_t‖, decimal logarithm" },
          series: norms.map(({ name, values }) => ({ name, points: values.map((norm, t) => [t + 1, Math.log10(norm)] as const) })),
          legend: "bottom",
        }),
      },
    };
  },
});
