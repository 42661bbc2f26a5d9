export { Activation } from "./activation.js";
export * from "./attention/index.js";
export { Chain, inSequence, passOn } from "./chain.js";
export type { TensorModule } from "./chain.js";
export * from "./conv/index.js";
export * from "./dropout/index.js";
export { GLU, PReLU, RReLU, Softmin, Threshold } from "./gated.js";
export type { PReLUOptions, RReLUOptions } from "./gated.js";
export * from "./embedding/index.js";
export { Linear, Linear as Dense } from "./linear.js";
export type { LinearOptions } from "./linear.js";
export { MLP } from "./mlp.js";
export type { MLPOptions } from "./mlp.js";
export * from "./norm/index.js";
export * from "./padding/index.js";
export * from "./pool/index.js";
export {
  CELU, ELU, GELU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, LeakyReLU, LogSigmoid, Mish, ReLU, ReLU6, SELU, Sigmoid, SiLU, Softplus,
  Softshrink, Softsign, Tanh, Tanhshrink,
} from "./pointwise.js";
export * from "./position/index.js";
export * from "./recurrent/index.js";
export * from "./transformer/index.js";
export * from "./resample/index.js";
export { Sequential } from "./sequential.js";
export { Flatten, Identity, Unflatten } from "./shape.js";
export type { FlattenOptions } from "./shape.js";
export { jsonOptions } from "./options.js";
export { LogSoftmax, Softmax } from "./softmax.js";
