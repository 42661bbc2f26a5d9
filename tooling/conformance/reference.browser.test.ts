import { createReferenceBackend } from "@dl/tensor";
import { testBackend } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";

bindSuite("the reference backend in a browser (SYS-03)", await testBackend(createReferenceBackend));
