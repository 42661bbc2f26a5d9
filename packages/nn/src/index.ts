export * from "./init/index.js";
export * from "./layers/index.js";
export * from "./module/index.js";
export * from "./losses/index.js";
export * from "./optim/index.js";
export * from "./io/index.js";
export * from "./train/index.js";
export * from "./summary/index.js";
