import { gpujs } from "@dl/backend-gpujs";
import { testBackend } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";

bindSuite("the gpujs backend in a browser, webgl2 (SYS-03, SYS-04)", await testBackend(() => gpujs({ mode: "webgl2" }).create(), { size: "small" }));
