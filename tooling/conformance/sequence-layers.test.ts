import { nn } from "@dl/nn";
import { sequence, sequenceExamples } from "@dl/sequence";
import { core } from "@dl/tensor/ops";
import { testPlugin } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";

bindSuite("every layer of @dl/sequence (SYS-03)", testPlugin(sequence, { layers: sequenceExamples, plugins: [core, nn] }));
