import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "@dl/registry";
import { tensor, type Backend, type BackendFactory } from "@dl/tensor";
import { testBackend } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";
import { afterAll, expect, test, vi } from "vitest";
import { snippetsOf } from "./snippets.js";

/** What the code of the page exports, all steps in one file. */
interface Page {
  readonly box: BackendFactory;
  readonly boxBackend: Plugin;
}

const scratch = fileURLToPath(new URL(".snippets-backends", import.meta.url));
const steps = snippetsOf(fileURLToPath(new URL("../../docs/backends.md", import.meta.url)));
mkdirSync(scratch, { recursive: true });
const file = join(scratch, "box.ts");
writeFileSync(file, steps.map(({ code }) => code).join("\n"));
const { box, boxBackend } = (await import(file)) as Page;
const backend = await box.create();
afterAll(() => { rmSync(scratch, { recursive: true, force: true }); });

test("docs/backends.md has five steps of code, the last of which lists the backend", () => {
  expect(steps).toHaveLength(5);
  expect(boxBackend.backends).toEqual({ box });
});

test("its own kernels are used, not the host's only", async () => {
  const hosted = Object.getPrototypeOf(Object.getPrototypeOf(backend)) as Backend;
  const refuse = (): never => { throw new Error("left to the host"); };
  const spies = (["map", "matmul"] as const).map((name) => vi.spyOn(hosted, name).mockImplementation(refuse));
  const x = tensor([[1, 2], [3, 4]], { backend });
  try {
    expect([...(await x.matmul(x).mul(2).data())]).toEqual([14, 20, 30, 44]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});

bindSuite("the backend of docs/backends.md (SYS-03)", await testBackend(() => box));
