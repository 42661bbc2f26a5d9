import { UnknownNameError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import * as losses from "./index.js";
import { Layer } from "../module/layer.js";
import { LossLayer } from "./loss-layer.js";

type LossClass = new (options?: object) => object;

const isLossClass = (value: unknown): boolean => typeof value === "function" && [Layer, LossLayer].includes(Object.getPrototypeOf(value) as typeof Layer);
const classes = Object.entries<unknown>(losses).filter((entry): entry is [string, LossClass] => isLossClass(entry[1]));

describe("a layer refuses what its loss does not know, when it is made", () => {
  test("all are here", () => {
    expect(classes.length).toBe(27);
  });

  test.each(classes)("%s", (name, Loss) => {
    expect(() => new Loss({ reductoin: "sum" })).toThrow(UnknownNameError);
    expect(() => new Loss({ reductoin: "sum" })).toThrow(`${name}: unknown option "reductoin"`);
    expect(() => new Loss()).not.toThrow();
  });

  test("an unknown reduction", () => {
    expect(() => new losses.MSELoss({ reduction: "batchMean" as "mean" })).toThrow('MSELoss: unknown reduction "batchMean"');
    expect(() => new losses.KLDivLoss({ reduction: "batchMean" })).not.toThrow();
  });
});
