import { describe, expect, test } from "vitest";
import { checkOptions, DLError, nearMatches, ShapeError, UnknownNameError, unknownName } from "./index.js";

describe("DLError", () => {
  test("reads: where, the fact, what to do", () => {
    const error = new ShapeError("Linear", "expected 784 features in the last dimension, got x of shape [32, 28, 28]", "Flatten it first: x.flatten(1)", { got: 28 });
    expect(error.message).toBe("Linear: expected 784 features in the last dimension, got x of shape [32, 28, 28]. Flatten it first: x.flatten(1).");
    expect(error.name).toBe("ShapeError");
    expect(error).toBeInstanceOf(DLError);
    expect(error.details).toStrictEqual({ got: 28 });
  });
});

describe("names", () => {
  test("near matches come nearest first, three at most", () => {
    expect(nearMatches("Linaer", ["Conv2d", "Linear", "Bilinear"])).toStrictEqual(["Linear"]);
    expect(nearMatches("mnist", ["fashion-mnist", "mnist2", "digits", "kmnist", "emnist"])).toHaveLength(3);
    expect(nearMatches("zzz", ["Linear"])).toStrictEqual([]);
  });

  test("unknownName lists everything when nothing is near", () => {
    const error = unknownName("loadDataset", "data set", "zzz", ["mnist", "digits"]);
    expect(error.message).toBe('loadDataset: unknown data set "zzz". Known: digits, mnist.');
    expect(error.details).toMatchObject({ name: "zzz", known: ["digits", "mnist"] });
  });

  test("checkOptions rejects a key that does not exist", () => {
    expect(() => { checkOptions("f", { batchsize: 1 }, ["batchSize"]); }).toThrow(UnknownNameError);
    expect(() => { checkOptions("f", { batchSize: 1 }, ["batchSize"]); }).not.toThrow();
    expect(() => { checkOptions("f", undefined, []); }).not.toThrow();
  });
});
