import { expect, test } from "vitest";
import { Pace } from "./pace.js";

test("the rate is that of late, and the time left follows from it", () => {
  const pace = new Pace(10_000, 100);
  expect(pace.advance(100, 101)).toStrictEqual({ rate: 100, eta: 99 });
  let now = 101;
  let last = { rate: 0, eta: 0 };
  for (let i = 0; i < 20; i++) last = pace.advance(200, ++now);
  expect(last).toStrictEqual({ rate: 200, eta: (10_000 - 100 - 20 * 200) / 200 });
});
