import { expect, test } from "vitest";

test("pages of this project have no memory to share between threads", () => {
  expect(crossOriginIsolated).toBe(false);
  expect(typeof SharedArrayBuffer).toBe("undefined");
});
