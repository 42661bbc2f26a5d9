import { chart } from "@dl/figures";
import type { SGDOptions } from "@dl/nn";
import { defineCalculation } from "../define-calculation.js";
import { stepsToFloor, trajectory, valleyHeight } from "./valley.js";

/** On a valley a hundred times as steep as its floor, plain descent crawls. */
const steepValley = (options: Partial<SGDOptions>): number => stepsToFloor(trajectory(options, 1000, 50), 50);

/** Chapters 1 and 4: plain descent, momentum and Nesterov's momentum on the same valley. */
export const descent = /* @__PURE__ */ defineCalculation({
  name: "descent",
  title: "Gradient descent, momentum and Nesterov on 5w₀² + ½w₁²",
  chapter: 1,
  calculate: () => {
    const methods = {
      // w′ = w − η∇f
      descent: trajectory({}, 30),
      // v′ = βv + ∇f,  w′ = w − ηv′
      momentum: trajectory({ momentum: 0.9 }, 30),
      // w′ = w − η(∇f + βv′): the gradient as if the next push had happened already
      nesterov: trajectory({ momentum: 0.9, nesterov: true }, 30),
    };
    const entries = Object.entries(methods);
    const steep = { descent: steepValley({}), momentum: steepValley({ momentum: 0.9 }), nesterov: steepValley({ momentum: 0.9, nesterov: true }) };
    return {
      text: [
        ...entries.map(([name, visited]) => `${name.padEnd(10)} third step at (${visited[3].map((w) => w.toFixed(6)).join(", ")})`),
        `On 50w₀² + ½w₁² the floor is reached after ${steep.descent} steps, with momentum after ${steep.momentum}, with Nesterov's after ${steep.nesterov}.`,
      ],
      numbers: { ...steep, ...Object.fromEntries(entries.flatMap(([name, visited]) => [[`${name}W0`, visited[3][0]], [`${name}W1`, visited[3][1]]])) },
      figures: {
        trajectories: chart({
          title: "30 steps on 5w₀² + ½w₁²",
          x: { label: "w₀" },
          y: { label: "w₁" },
          series: entries.map(([name, visited]) => ({ name, points: visited, style: "path" as const })),
          contours: { height: valleyHeight, levels: [0.05, 0.2, 0.5, 1, 2, 4] },
        }),
      },
    };
  },
});
