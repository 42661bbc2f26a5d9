import { wasm } from "@dl/backend-wasm";
import { testBackend } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";
import { expect, test } from "vitest";

test("on an isolated page it has as many threads as asked for", async () => {
  expect((await wasm({ threads: 2 }).create()).info).toMatchObject({ threads: 2 });
});

bindSuite("the wasm backend in a browser, 1 thread (SYS-03)", await testBackend(() => wasm({ threads: 1 }).create()));
bindSuite("the wasm backend in a browser, 2 threads (SYS-03)", await testBackend(() => wasm({ threads: 2 }).create()));
