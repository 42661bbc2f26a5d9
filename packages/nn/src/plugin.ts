import { definePlugin } from "@dl/registry";
import {
  Activation, CELU, Dropout, ELU, Flatten, GELU, GLU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, LeakyReLU, Linear, LogSigmoid,
  LogSoftmax, Mish, MLP, PReLU, ReLU, ReLU6, RReLU, SELU, Sequential, Sigmoid, SiLU, Softmax, Softmin, Softplus,
  Softshrink, Softsign, Tanh, Tanhshrink, Threshold, Unflatten,
} from "./layers/index.js";
import {
  Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, Fold, Unfold,
} from "./layers/conv/index.js";
import {
  BatchNorm1d, BatchNorm2d, BatchNorm3d, GroupNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, LayerNorm, LocalResponseNorm, RMSNorm,
} from "./layers/norm/index.js";
import {
  AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d, AvgPool1d, AvgPool2d,
  AvgPool3d, KMaxPool1d, LPPool1d, LPPool2d, LPPool3d, MaxPool1d, MaxPool2d, MaxPool3d, MaxUnpool1d, MaxUnpool2d, MaxUnpool3d,
} from "./layers/pool/index.js";
import {
  CircularPad1d, CircularPad2d, CircularPad3d, ConstantPad1d, ConstantPad2d, ConstantPad3d, ReflectionPad1d, ReflectionPad2d,
  ReflectionPad3d, ReplicationPad1d, ReplicationPad2d, ReplicationPad3d, ZeroPad1d, ZeroPad2d, ZeroPad3d,
} from "./layers/padding/index.js";
import {
  AlphaDropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout,
} from "./layers/dropout/index.js";
import {
  Elman, GRU, GRUCell, LSTM, LSTMCell, RNN, RNNCell,
} from "./layers/recurrent/index.js";
import { Embedding, EmbeddingBag } from "./layers/embedding/index.js";
import { MultiheadAttention } from "./layers/attention/index.js";
import { Transformer, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer } from "./layers/transformer/index.js";
import { LearnedPE, RotaryEmbedding, SinusoidalPE } from "./layers/position/index.js";
import {
  ChannelShuffle, PixelShuffle, PixelUnshuffle, Upsample, UpsamplingBilinear2d, UpsamplingNearest2d,
} from "./layers/resample/index.js";
import {
  BCELoss, BCEWithLogitsLoss, CTCLoss, CosineEmbeddingLoss, CosineSimilarity, CrossEntropyLoss, DiceLoss, FocalLoss, GaussianNLLLoss,
  HingeEmbeddingLoss, HingeLoss, HuberLoss, KLDivLoss, L1Loss, MSELoss, MarginRankingLoss, MultiLabelMarginLoss, MultiLabelSoftMarginLoss,
  MultiMarginLoss, NLLLoss, PairwiseDistance, PoissonNLLLoss, SigmoidFocalLoss, SmoothL1Loss, SoftMarginLoss, TripletMarginLoss,
  TripletMarginWithDistanceLoss, bceLoss, bceWithLogits, cosineEmbeddingLoss, cosineSimilarity, crossEntropy, ctcLoss, diceLoss, focalLoss,
  gaussianNllLoss, hingeEmbeddingLoss, hingeLoss, huberLoss, klDivLoss, l1Loss, marginRankingLoss, mseLoss, multiLabelMarginLoss,
  multiLabelSoftMarginLoss, multiMarginLoss, nllLoss, pairwiseDistance, poissonNllLoss, sigmoidFocalLoss, smoothL1Loss, softMarginLoss,
  tripletMarginLoss, tripletMarginWithDistanceLoss,
} from "./losses/index.js";
import { Pruned } from "./pruning/index.js";
import { FakeQuantized, QuantizedConv1d, QuantizedConv2d, QuantizedConv3d, QuantizedLinear } from "./quantization/index.js";
import { Adadelta, Adagrad, Adam, AdamW, Adamax, NAdam, RAdam, RMSprop, SGD } from "./optim/index.js";

/** Everything of this package that files and menus can name. */
export const nn = /* @__PURE__ */ definePlugin({
  name: "@dl/nn",
  contract: 1,
  layers: {
    Activation, BCELoss, BCEWithLogitsLoss, CELU, CrossEntropyLoss, Dropout, ELU, Flatten, GELU, GLU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh,
    HuberLoss, Identity, L1Loss, LeakyReLU, Linear, LogSigmoid, LogSoftmax, Mish, MLP, MSELoss, NLLLoss, PReLU, ReLU, ReLU6,
    RReLU, SELU, Sequential, Sigmoid, SiLU, SmoothL1Loss, Softmax, Softmin, Softplus, Softshrink, Softsign, Tanh, Tanhshrink, Threshold, Unflatten,
    Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, Fold, Unfold,
    BatchNorm1d, BatchNorm2d, BatchNorm3d, GroupNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, LayerNorm, LocalResponseNorm, RMSNorm,
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d, AvgPool1d, AvgPool2d,
    AvgPool3d, KMaxPool1d, LPPool1d, LPPool2d, LPPool3d, MaxPool1d, MaxPool2d, MaxPool3d, MaxUnpool1d, MaxUnpool2d, MaxUnpool3d,
    CircularPad1d, CircularPad2d, CircularPad3d, ConstantPad1d, ConstantPad2d, ConstantPad3d, ReflectionPad1d, ReflectionPad2d,
    ReflectionPad3d, ReplicationPad1d, ReplicationPad2d, ReplicationPad3d, ZeroPad1d, ZeroPad2d, ZeroPad3d,
    AlphaDropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout,
    Elman, GRU, GRUCell, LSTM, LSTMCell, RNN, RNNCell, Embedding, EmbeddingBag, MultiheadAttention,
    Transformer, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer, LearnedPE, RotaryEmbedding, SinusoidalPE,
    ChannelShuffle, PixelShuffle, PixelUnshuffle, Upsample, UpsamplingBilinear2d, UpsamplingNearest2d,
    CTCLoss, CosineEmbeddingLoss, CosineSimilarity, DiceLoss, FocalLoss, GaussianNLLLoss, HingeEmbeddingLoss, HingeLoss, KLDivLoss,
    MarginRankingLoss, MultiLabelMarginLoss, MultiLabelSoftMarginLoss, MultiMarginLoss, PairwiseDistance, PoissonNLLLoss, SigmoidFocalLoss,
    SoftMarginLoss, TripletMarginLoss, TripletMarginWithDistanceLoss,
    FakeQuantized, Pruned, QuantizedConv1d, QuantizedConv2d, QuantizedConv3d, QuantizedLinear,
  },
  losses: {
    bceLoss, bceWithLogits, cosineEmbeddingLoss, cosineSimilarity, crossEntropy, ctcLoss, diceLoss, focalLoss, gaussianNllLoss,
    hingeEmbeddingLoss, hingeLoss, huberLoss, klDivLoss, l1Loss, marginRankingLoss, mseLoss, multiLabelMarginLoss, multiLabelSoftMarginLoss,
    multiMarginLoss, nllLoss, pairwiseDistance, poissonNllLoss, sigmoidFocalLoss, smoothL1Loss, softMarginLoss, tripletMarginLoss,
    tripletMarginWithDistanceLoss,
  },
  optimizers: { Adadelta, Adagrad, Adam, AdamW, Adamax, NAdam, RAdam, RMSprop, SGD },
});
