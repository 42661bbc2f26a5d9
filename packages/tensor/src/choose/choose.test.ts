import { BackendError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { createReferenceBackend, reference } from "../index.js";
import type { Backend, BackendFactory, View } from "../index.js";
import { chooseBackend, expectedSeconds } from "./choose.js";

/** The reference backend, with some of it replaced. */
const variant = (changes: Partial<Backend>): BackendFactory => ({
  name: "variant",
  isAvailable: () => true,
  create: () => Object.assign(createReferenceBackend(), changes),
});

const plain = createReferenceBackend();
const late = variant({
  read: async (view: View) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return plain.read(view);
  },
});
const broken: BackendFactory = {
  name: "broken",
  isAvailable: () => false,
  create: () => { throw new BackendError("broken", "there is no device", "Plug one in"); },
};

describe("SYS-04 chooseBackend", () => {
  test("takes the one with the shortest expected step, and says why others are not there", async () => {
    const { name, backend, candidates } = await chooseBackend({ backends: { broken, late, reference } }, 1e6);
    expect(name).toBe("reference");
    expect(backend.name).toBe("reference");
    expect(candidates.map((candidate) => candidate.name)).toEqual(["reference", "late", "broken"]);
    const [fast, slow, absent] = candidates;
    expect(absent).toEqual({ name: "broken", available: false, reason: "broken: there is no device. Plug one in." });
    if (!fast.available || !slow.available) throw new Error("both run here");
    expect(slow.speed.readBack).toBeGreaterThan(0.015);
    expect(fast.seconds).toBe(expectedSeconds(1e6, fast.speed));
    expect(slow.seconds).toBeGreaterThan(fast.seconds + 0.01);
  });

  test("a backend whose kernels fail is not taken, and says so", async () => {
    const failing = variant({ matmul: () => { throw new BackendError("matmul", "the device was lost", "Reload the page"); } });
    const { name, candidates } = await chooseBackend({ backends: { failing, reference } }, 1e6);
    expect(name).toBe("reference");
    expect(candidates[1]).toEqual({ name: "failing", available: false, reason: "matmul: the device was lost. Reload the page." });
  });

  test("expects time from products and convolutions in halves, elementwise ops and one read", () => {
    expect(expectedSeconds(2e9, { matmul: 1e9, convolution: 0.5e9, elementwise: 1e7, readBack: 0.25 })).toBe(1 + 2 + 1 + 0.25);
  });

  test("refuses a number of operations that is none, and a registry with nothing that runs", async () => {
    await expect(chooseBackend({ backends: { reference } }, NaN)).rejects.toThrow(ValueError);
    await expect(chooseBackend({ backends: { broken } }, 1)).rejects.toThrow(/none of 1 backends .* broken: .*no device/);
  });
});
