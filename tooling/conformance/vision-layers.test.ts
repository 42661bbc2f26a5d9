import { nn } from "@dl/nn";
import { core } from "@dl/tensor/ops";
import { testPlugin } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";
import { vision, visionExamples } from "@dl/vision";

bindSuite("every layer of @dl/vision (SYS-03)", testPlugin(vision, { layers: visionExamples, plugins: [core, nn] }));
