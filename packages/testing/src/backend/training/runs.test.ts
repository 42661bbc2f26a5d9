import { createReferenceBackend } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { lossesOf, trainings } from "./runs.js";

describe("the trainings that backends are compared on", () => {
  test.each(trainings.map((training) => [training.name, training] as const))("%s learns", async (_, training) => {
    const losses = await lossesOf(training, createReferenceBackend(), 20);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses[0]).toBeGreaterThan(0.7);
    expect(Math.min(...losses.slice(10))).toBeLessThan(0.8 * losses[0]);
  });
});
