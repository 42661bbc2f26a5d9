import { wasm } from "@dl/backend-wasm";
import { testBackend } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";

bindSuite("the wasm backend, 1 thread (SYS-03)", await testBackend(() => wasm({ threads: 1 }).create()));
bindSuite("the wasm backend, 2 threads (SYS-03)", await testBackend(() => wasm({ threads: 2 }).create()));
