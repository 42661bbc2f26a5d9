import { expect, test } from "vitest";
import { LineTraining, lossNames, MOST_STEPS } from "./line-training.js";
import { drawLines } from "./line-figure.js";
import { generatedPoints } from "./points.js";

const points = await generatedPoints();

test("the points made up here are two classes that a line separates, inside of the picture", () => {
  expect(points.isSeparable).toBe(true);
  expect(points.x.shape).toEqual([100, 2]);
  expect(points.y.toArray()).toContain(1);
  for (const value of points.x.dataSync()) expect(Math.abs(value)).toBeLessThan(5);
});

test("all losses begin with the same line, and each comes to separate the points", () => {
  const trainings = lossNames.map((name) => new LineTraining(points, name));
  const [first, ...others] = trainings.map(({ state }) => state.line);
  for (const line of others) expect(line).toStrictEqual(first);
  for (const training of trainings) {
    const before = training.state;
    training.advance(500, 0.1);
    expect(training.state).toMatchObject({ step: 500, accuracy: 1 });
    expect(training.state.loss).toBeLessThan(before.loss);
    expect(training.state.line).not.toStrictEqual(before.line);
  }
});

test("the perceptron is done when its loss is 0; the others want a distance", () => {
  const [perceptron, hinge] = lossNames.map((name) => new LineTraining(points, name));
  perceptron.advance(500, 0.1);
  hinge.advance(500, 0.1);
  expect(perceptron.isDone).toBe(true);
  expect(perceptron.state.loss).toBe(0);
  expect(hinge.state.nearest).toBeGreaterThan(perceptron.state.nearest);
});

test("steps add up, count one by one, and end", () => {
  const [whole, parts] = [new LineTraining(points, "logistic"), new LineTraining(points, "logistic")];
  whole.advance(5, 0.2);
  for (let step = 0; step < 5; step++) parts.advance(1, 0.2);
  expect(parts.state).toStrictEqual(whole.state);
  whole.advance(MOST_STEPS, 0.2);
  expect(whole.state.step).toBe(MOST_STEPS);
  expect(whole.isDone).toBe(true);
});

test("the learning rate is that of the step", () => {
  const [slow, fast] = [new LineTraining(points, "logistic"), new LineTraining(points, "logistic")];
  slow.advance(1, 0);
  fast.advance(1, 1);
  expect(slow.state.loss).toBe(new LineTraining(points, "logistic").state.loss);
  expect(fast.state.loss).not.toBe(slow.state.loss);
});

test("the picture has a dot for each point, and a line for what was trained or is chosen", () => {
  const states = { perceptron: new LineTraining(points, "perceptron"), hinge: new LineTraining(points, "hinge"), logistic: new LineTraining(points, "logistic") };
  states.hinge.advance(1, 0.1);
  const { perceptron, hinge, logistic } = { perceptron: states.perceptron.state, hinge: states.hinge.state, logistic: states.logistic.state };
  const svg = drawLines(points, { perceptron, hinge, logistic }, "logistic", { title: "T", x: "X", y: "Y", losses: { perceptron: "P", hinge: "H", logistic: "L" } }, 400);
  expect(svg.match(/<circle /g)).toHaveLength(100);
  expect(svg.match(/<path d="M[^"]*L[^"]*" fill="none" stroke="[^"]*" stroke-width="2"/g)).toHaveLength(2);
});
