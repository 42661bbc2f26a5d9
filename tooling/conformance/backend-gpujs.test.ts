import { gpujs } from "@dl/backend-gpujs";
import { testBackend } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";

bindSuite("the gpujs backend, cpu (SYS-03, SYS-04)", await testBackend(() => gpujs({ mode: "cpu" }).create()));
bindSuite("the gpujs backend, webasm (SYS-03, SYS-04)", await testBackend(() => gpujs({ mode: "webasm" }).create()));
