import { describe, expect, test } from "vitest";
import { resolveOptions } from "./options.js";

const schema = {
  lr: { kind: "number", default: 0.1, min: 0, max: 10, description: "Length of a step" },
  hidden: { kind: "integer", default: 8, min: 1, max: 64, description: "Width" },
  activation: { kind: "choice", default: "relu", choices: ["relu", "tanh"], description: "Non-linearity" },
} as const;

describe("resolveOptions", () => {
  test("fills in defaults and keeps what was given", () => {
    const options = resolveOptions("r", schema, { hidden: 4, lr: undefined });
    expect(options).toStrictEqual({ lr: 0.1, hidden: 4, activation: "relu" });
    const width: number = options.hidden;
    const activation: "relu" | "tanh" = options.activation;
    expect([width, activation]).toStrictEqual([4, "relu"]);
  });

  test("is plain JSON, so that menus can be made from it", () => {
    expect(JSON.parse(JSON.stringify(schema))).toStrictEqual(schema);
  });

  test.each([
    [{ hiden: 4 }, 'r: unknown option "hiden". Did you mean "hidden"?'],
    [{ hidden: 0 }, "r: hidden is 0. Give a whole number from 1 to 64."],
    [{ hidden: 1.5 }, "r: hidden is 1.5. Give a whole number from 1 to 64."],
    [{ lr: Number.NaN }, "r: lr is NaN. Give a number from 0 to 10."],
    [{ lr: "fast" }, "r: lr is fast. Give a number from 0 to 10."],
    [{ activation: "gelu" }, 'r: activation is "gelu". Use one of relu, tanh.'],
  ])("refuses %j", (given, message) => {
    expect(() => resolveOptions("r", schema, given)).toThrow(message);
  });
});
