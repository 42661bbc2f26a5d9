import { definePlugin } from "@dl/registry";
import {
  Activation, CELU, Dropout, ELU, Flatten, GELU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, LeakyReLU, Linear, LogSigmoid,
  LogSoftmax, Mish, MLP, ReLU, ReLU6, SELU, Sequential, Sigmoid, SiLU, Softmax, Softplus, Softshrink, Softsign, Tanh, Tanhshrink, Unflatten,
} from "./layers/index.js";
import {
  BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, HuberLoss, L1Loss, MSELoss, NLLLoss, SmoothL1Loss, bceLoss, bceWithLogits, crossEntropy,
  huberLoss, l1Loss, mseLoss, nllLoss, smoothL1Loss,
} from "./losses/index.js";
import { Adam, AdamW, SGD } from "./optim/index.js";

/** Everything of this package that files and menus can name. */
export const nn = /* @__PURE__ */ definePlugin({
  name: "@dl/nn",
  contract: 1,
  layers: {
    Activation, BCELoss, BCEWithLogitsLoss, CELU, CrossEntropyLoss, Dropout, ELU, Flatten, GELU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh,
    HuberLoss, Identity, L1Loss, LeakyReLU, Linear, LogSigmoid, LogSoftmax, Mish, MLP, MSELoss, NLLLoss, ReLU, ReLU6, SELU, Sequential,
    Sigmoid, SiLU, SmoothL1Loss, Softmax, Softplus, Softshrink, Softsign, Tanh, Tanhshrink, Unflatten,
  },
  losses: { bceLoss, bceWithLogits, crossEntropy, huberLoss, l1Loss, mseLoss, nllLoss, smoothL1Loss },
  optimizers: { Adam, AdamW, SGD },
});
