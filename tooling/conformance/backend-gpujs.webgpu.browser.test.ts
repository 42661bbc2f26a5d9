import { gpujs } from "@dl/backend-gpujs";
import { testBackend } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";

bindSuite("the gpujs backend in a browser, webgpu (SYS-03, SYS-04)", await testBackend(() => gpujs({ mode: "webgpu" }).create(), { size: "small" }));
