import { ShapeError, UnknownNameError } from "@dl/registry";
import { ones } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Dropout, Flatten, Linear, ReLU, Sequential, Tanh } from "../layers/index.js";
import { Module } from "../module/index.js";
import { summary } from "./index.js";

const model = (): Sequential => new Sequential(new Flatten(), new Linear(784, 128), new ReLU(), new Sequential(new Dropout(0.5), new Linear(128, 10)));

describe("summary", () => {
  test("lists layers, shapes, parameters and operations", () => {
    const { rows, parameters, trainable, flops } = summary(model(), [2, 28, 28]);
    expect(rows.map(({ path, type }) => `${path} ${type}`)).toStrictEqual([
      " nn/Sequential", "0 nn/Flatten", "1 nn/Linear", "2 nn/ReLU", "3 nn/Sequential", "3.0 nn/Dropout", "3.1 nn/Linear",
    ]);
    expect(rows.map(({ outputShape }) => outputShape)).toStrictEqual([[2, 10], [2, 784], [2, 128], [2, 128], [2, 10], [2, 128], [2, 10]]);
    expect(rows.map((row) => row.parameters)).toStrictEqual([0, 0, 784 * 128 + 128, 0, 0, 0, 1290]);
    const [first, last] = [2 * 2 * 784 * 128 + 256, 2 * 2 * 128 * 10 + 20];
    expect(rows[1].flops).toBe(0);
    expect([rows[2].flops, rows[4].flops, rows[6].flops]).toStrictEqual([first, last, last]);
    expect(rows[3].flops).toBeGreaterThanOrEqual(256);
    expect(flops).toBe(first + rows[3].flops + last);
    expect(rows[0].flops).toBe(flops);
    expect([parameters, trainable]).toStrictEqual([101770, 101770]);
  });

  test("prints a table", () => {
    const frozen = model();
    frozen[1].requiresGrad_(false);
    const text = String(summary(frozen, [1, 28, 28]));
    expect(text).toMatch(/^layer +type +output +parameters +FLOPs +memory\n-+\n/);
    expect(text).toMatch(/\n1 +nn\/Linear +\[1, 128\] +100,480 +200,832 +512 B\n/);
    expect(text).toMatch(/101,770 parameters \(100,480 frozen\), [\d,]+ FLOPs per forward, 4\.1 KiB kept for backward$/);
  });

  test("prints further columns at the right", () => {
    const text = String(summary(new Sequential(new Tanh()), [1, 3], { columns: [{ title: "rank", cell: ({ outputShape }) => String(outputShape?.length) }] }));
    expect(text).toMatch(/^layer .* memory +rank\n-+\n/);
    expect(text).toMatch(/\n0 +nn\/Tanh .* B +2\n/);
  });

  test("leaves modes, hooks and gradients as they were", () => {
    const net = model();
    net[2].training = false;
    summary(net, [1, 784]);
    expect(net.namedModules().map(([, { training }]) => training)).toStrictEqual([true, true, true, false, true, true, true]);
    expect(Object.hasOwn(net[1], "forward")).toBe(false);
    expect(net.parameters().every(({ grad }) => grad === null)).toBe(true);
  });

  test("counts a layer that runs twice twice, and its parameters once", () => {
    class Twice extends Module {
      layer = new Linear(3, 3, { bias: false });
      unused = new Tanh();
      forward(a: Tensor, b: Tensor): Tensor[] { return [this.layer.forward(a), this.layer.forward(b)]; }
    }
    const { rows, parameters, flops } = summary(new Twice(), [[1, 3], [2, 3]]);
    expect(flops).toBe(2 * 9 + 2 * 2 * 9);
    expect(parameters).toBe(9);
    expect(rows.map(({ outputShape }) => outputShape)).toStrictEqual([[1, 3], [2, 3], null]);
  });

  test("refuses shapes that the model does not take", () => {
    expect(() => summary(model(), [1, 7])).toThrow(ShapeError);
    expect(() => summary(model(), [1, -7])).toThrow(ShapeError);
    expect(() => summary(model(), [1, 784], { dtyp: "int32" } as object)).toThrow(UnknownNameError);
    const net = model();
    expect(() => summary(net, [1, 7])).toThrow();
    expect(Object.hasOwn(net, "forward")).toBe(false);
    expect(net.forward(ones([1, 784])).shape).toStrictEqual([1, 10]);
  });
});
