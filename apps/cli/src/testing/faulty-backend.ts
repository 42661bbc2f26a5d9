import { definePlugin } from "@dl/registry";
import { createReferenceBackend, type Backend, type BackendFactory } from "@dl/tensor";

/** A backend as somebody else may write it, with a fault: `gather` forgets what was asked for. */
const faulty: BackendFactory = {
  name: "faulty",
  gaps: [{ op: "scatterAdd", reason: "it has no memory to fold in" }],
  isAvailable: () => true,
  create: (): Backend =>
    Object.assign(createReferenceBackend(), { name: "faulty", capabilities: { dtypes: ["float32", "int32", "bool"], readSync: true, maxOutputs: 16 }, gather: () => undefined }),
};

export const plugin = definePlugin({ name: "faulty-backend", contract: 1, backends: { faulty } });
