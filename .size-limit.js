const kilobytes = (limit) => `${limit} kB`;

// Each package alone, without the packages it stands on; minified, gzip.
const budgets = { registry: 4, tensor: 68, autograd: 6, "backend-wasm": 41, "backend-gpujs": 14, nn: 71, data: 76, metrics: 15, testing: 30, figures: 4, vision: 35, sequence: 51, recipes: 31 };

export default [
  {
    name: "train Linear + ReLU on the reference backend",
    path: "tooling/size/train-linear-reference.ts",
    limit: kilobytes(27),
    gzip: true,
    ignore: ["node:*"],
  },
  {
    name: "train Linear + ReLU on the WebAssembly backend",
    path: "tooling/size/train-linear-wasm.ts",
    limit: kilobytes(67),
    gzip: true,
    ignore: ["node:*"],
  },
  ...Object.entries(budgets).map(([name, limit]) => ({
    name: `@dl/${name}`,
    path: `packages/${name}/dist/index.js`,
    limit: kilobytes(limit),
    gzip: true,
    ignore: ["@dl/*", "node:*", "gpu.js", "d3-*", "@dagrejs/dagre"],
  })),
];
