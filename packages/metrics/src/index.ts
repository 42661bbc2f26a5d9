export * from "./classification/index.js";
export * from "./curves/index.js";
export * from "./distribution/index.js";
export * from "./image/index.js";
export * from "./regression/index.js";
export * from "./retrieval/index.js";
export * from "./segmentation/index.js";
export * from "./text/index.js";
