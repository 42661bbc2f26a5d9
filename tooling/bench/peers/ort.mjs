// onnxruntime-web as a contestant: `ort THREADS`. It only infers. Inputs and results are copied in and out at each call: it has no other way.
import * as ort from "onnxruntime-web";
import { serve } from "../protocol.js";
import { onnxModel } from "./onnx.mjs";

ort.env.wasm.numThreads = Number(process.argv[2]);

const same = [1, 1, 1, 1];
const wide = [2, 2, 2, 2];
const window = { kernel_shape: [2, 2], strides: [2, 2] };

const models = {
  matmul512: { inputs: ["a", "b"], rank: 2, nodes: [["MatMul", ["a", "b"], "y"]] },
  matmul1024: { inputs: ["a", "b"], rank: 2, nodes: [["MatMul", ["a", "b"], "y"]] },
  gelu: { inputs: ["x", "a", "b"], rank: 1, nodes: [["Mul", ["x", "a"], "xa"], ["Add", ["xa", "b"], "z"], ["Gelu", ["z"], "y"]] },
  softmax: { inputs: ["x"], rank: 2, nodes: [["Softmax", ["x"], "y", { axis: -1 }]] },
  layerNorm: { inputs: ["x"], rank: 2, weights: ["w", "b"], nodes: [["LayerNormalization", ["x", "w", "b"], "y", { axis: -1, epsilon: 1e-5 }]] },
  conv: { inputs: ["x"], rank: 4, weights: ["w"], nodes: [["Conv", ["x", "w"], "y", { pads: same }]] },
  cnnInference: {
    inputs: ["x"], rank: 2, weights: ["w1", "b1", "w2", "b2", "w3", "b3", "w4", "b4"],
    nodes: [
      ["Conv", ["x", "w1", "b1"], "c1", { pads: wide }], ["Relu", ["c1"], "r1"], ["MaxPool", ["r1"], "p1", window],
      ["Conv", ["p1", "w2", "b2"], "c2", { pads: wide }], ["Relu", ["c2"], "r2"], ["MaxPool", ["r2"], "p2", window],
      ["Flatten", ["p2"], "flat"], ["Gemm", ["flat", "w3", "b3"], "h", { transB: 1 }], ["Relu", ["h"], "r3"], ["Gemm", ["r3", "w4", "b4"], "y", { transB: 1 }],
    ],
  },
};

const named = (names, arrays) => Object.fromEntries(names.map((name, i) => [name, arrays[i]]));

await serve(async ({ name, inputs, params }) => {
  if (models[name] === undefined) return { declines: "inference only" };
  const { nodes, rank, inputs: inputNames, weights: weightNames = [] } = models[name];
  const given = named(inputNames, inputs);
  const session = await ort.InferenceSession.create(onnxModel({ nodes, rank, inputs: given, weights: named(weightNames, params) }), { executionProviders: ["wasm"] });
  const feeds = Object.fromEntries(Object.entries(given).map(([key, { values, shape }]) => [key, new ort.Tensor("float32", values, shape)]));
  return { run: () => session.run(feeds), results: async () => [(await session.run(feeds)).y.data] };
});
