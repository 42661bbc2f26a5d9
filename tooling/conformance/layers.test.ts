import { layerExamples, nn } from "@dl/nn";
import { core } from "@dl/tensor/ops";
import { testPlugin } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";

bindSuite("every layer of @dl/nn (OPT-09, SYS-03)", testPlugin(nn, { layers: layerExamples, plugins: [core] }));
