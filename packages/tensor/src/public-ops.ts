// The ops that are functions. Those of everyday use are methods of Tensor instead: one spelling per op.
export {
  celu, elu, gelu, geluTanh, hardshrink, hardsigmoid, hardswish, hardtanh, leakyRelu, logSigmoid, mish, prelu, relu6, selu, silu,
  softplus, softshrink, softsign, tanhshrink, threshold,
} from "./ops/activation.js";
export { ceil, floor, floorDivide, fmod, lerp, maximum, minimum, reciprocal, remainder, round, sign, trunc } from "./ops/arithmetic.js";
export { attentionWeights, scaledDotProductAttention } from "./ops/attention/attention.js";
export type { AttentionOptions } from "./ops/attention/attention.js";
export { isFinite, isInf, isNaN, logicalAnd, logicalNot, logicalOr, logicalXor, where } from "./ops/comparison.js";
export {
  acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, erf, expm1, log10, log1p, log2, logit, rsqrt, sin, sinh, tan, xlogy,
} from "./ops/exponential.js";
export { checkGroups, conv1d, conv2d, conv3d } from "./ops/conv/conv.js";
export type { ConvOptions, PaddingMode } from "./ops/conv/conv.js";
export { convTranspose1d, convTranspose2d, convTranspose3d } from "./ops/conv/conv-transpose.js";
export type { ConvTransposeOptions } from "./ops/conv/conv-transpose.js";
export { convOutputSize, outputSizes, perDim, solvePadding, windowsOf } from "./ops/conv/geometry.js";
export type { Padding, Pair, PerDim, SolvePaddingOptions, WindowOptions, Windows } from "./ops/conv/geometry.js";
export { col2im, im2col } from "./ops/conv/patches.js";
export { gather, indexSelect, oneHot, scatterAdd, takeAlongDim } from "./ops/indexing.js";
export { cat, chunk, repeat, roll, split, stack, tile } from "./ops/joining.js";
export { broadcastTensors, cartesianProd, meshgrid, moveDim, repeatInterleave, rot90, tensorSplit, unbind } from "./ops/linear/arrange.js";
export type { MeshgridOptions, RepeatInterleaveOptions, Rot90Options } from "./ops/linear/arrange.js";
export { cdist } from "./ops/linear/cdist.js";
export type { CdistOptions } from "./ops/linear/cdist.js";
export { diag, diagEmbed, diagonal, trace, tril, triu } from "./ops/linear/diagonal.js";
export type { DiagonalOptions, DiagOptions, TriangleOptions } from "./ops/linear/diagonal.js";
export { einsum } from "./ops/linear/einsum.js";
export { linear } from "./ops/linear/linear.js";
export { cross, dot, kron, outer, tensordot, vecdot } from "./ops/linear/products.js";
export type { AlongOptions } from "./ops/linear/products.js";
export { det, inverse, solve } from "./ops/linear/solve.js";
export { flip } from "./ops/moving.js";
export { localResponseNorm, normalize } from "./ops/norm/lengths.js";
export type { LocalResponseNormOptions, NormalizeOptions } from "./ops/norm/lengths.js";
export { batchNorm, batchNormWithStatistics, groupNorm, instanceNorm, layerNorm, rmsNorm } from "./ops/norm/norm.js";
export type { BatchNormOptions } from "./ops/norm/norm.js";
export type { NormOptionsBase } from "./ops/norm/standardize.js";
export { kthvalue, median, quantile } from "./ops/order/rank.js";
export type { QuantileInterpolation, QuantileOptions, RankOptions } from "./ops/order/rank.js";
export { bucketize, searchsorted } from "./ops/order/search.js";
export type { SearchOptions } from "./ops/order/search.js";
export type { Selection } from "./ops/order/selection.js";
export { argsort, sort, topk } from "./ops/order/sort.js";
export type { SortOptions, TopkOptions } from "./ops/order/sort.js";
export { maskedSelect, nonzero, unique } from "./ops/order/unique.js";
export type { Unique, UniqueOptions } from "./ops/order/unique.js";
export { pad } from "./ops/pad.js";
export type { PadMode, PadOptions } from "./ops/pad.js";
export {
  adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, adaptiveMaxPool1d, adaptiveMaxPool1dWithIndices, adaptiveMaxPool2d,
  adaptiveMaxPool2dWithIndices, adaptiveMaxPool3d, adaptiveMaxPool3dWithIndices,
} from "./ops/pool/adaptive-pool.js";
export { avgPool1d, avgPool2d, avgPool3d } from "./ops/pool/average-pool.js";
export type { AveragePoolOptions } from "./ops/pool/average-pool.js";
export type { MaxPoolOptions, PoolOptions } from "./ops/pool/geometry.js";
export { dynamicK, kMaxPool1d } from "./ops/pool/k-max-pool.js";
export type { DynamicKOptions } from "./ops/pool/k-max-pool.js";
export { lpPool1d, lpPool2d, lpPool3d } from "./ops/pool/lp-pool.js";
export { maxPool1d, maxPool1dWithIndices, maxPool2d, maxPool2dWithIndices, maxPool3d, maxPool3dWithIndices } from "./ops/pool/max-pool.js";
export type { WithIndices } from "./ops/pool/max-pool.js";
export { maxUnpool1d, maxUnpool2d, maxUnpool3d } from "./ops/pool/unpool.js";
export type { UnpoolOptions } from "./ops/pool/unpool.js";
export { all, any, argmin, logSumExp, norm, prod, std, variance } from "./ops/reduction.js";
export type { Dims, NormOptions, ReduceOptions, VarianceOptions } from "./ops/reduction.js";
export { affineGrid } from "./ops/resample/affine-grid.js";
export type { AffineGridOptions } from "./ops/resample/affine-grid.js";
export { gridSample } from "./ops/resample/grid-sample.js";
export type { GridSampleOptions } from "./ops/resample/grid-sample.js";
export type { GridPadding, GridSampleMode } from "./ops/resample/grid-taps.js";
export { interpolate } from "./ops/resample/interpolate.js";
export type { InterpolateMode, InterpolateOptions } from "./ops/resample/interpolate.js";
export { resample } from "./ops/resample/resample.js";
export type { ResampleOptions } from "./ops/resample/resample.js";
export { channelShuffle, pixelShuffle, pixelUnshuffle } from "./ops/resample/shuffle.js";
export type { ResizeOptions } from "./ops/resample/sizes.js";
export { cummax, cummin, cumprod, cumsum } from "./ops/scan/cumulative.js";
export { diff, trapezoid } from "./ops/scan/diff.js";
export type { DiffOptions, TrapezoidOptions } from "./ops/scan/diff.js";
export { logCumSumExp } from "./ops/scan/log-cum-sum-exp.js";
export { complexAbs, complexAngle, complexConj, complexMul, polar } from "./ops/signal/complex.js";
export { fft, fftn, ifft, ifftn } from "./ops/signal/fft.js";
export type { FFTNOptions, FFTOptions } from "./ops/signal/fft.js";
export { fftfreq, fftshift, ifftshift, rfftfreq } from "./ops/signal/frequencies.js";
export type { FrequencyOptions } from "./ops/signal/frequencies.js";
export { istft } from "./ops/signal/istft.js";
export type { ISTFTOptions } from "./ops/signal/istft.js";
export type { FFTNorm } from "./ops/signal/lines.js";
export { melFilterBank } from "./ops/signal/mel.js";
export type { MelOptions, MelScale } from "./ops/signal/mel.js";
export { irfft, rfft } from "./ops/signal/rfft.js";
export { stft } from "./ops/signal/stft.js";
export type { FrameOptions, STFTOptions } from "./ops/signal/stft.js";
export {
  bartlettWindow, blackmanWindow, cosineWindow, gaussianWindow, hammingWindow, hannWindow, kaiserWindow,
} from "./ops/signal/windows.js";
export type { GaussianOptions, HammingOptions, KaiserOptions, WindowFunctionOptions } from "./ops/signal/windows.js";
export { bincount, histogram } from "./ops/scatter/count.js";
export type { BincountOptions, Histogram, HistogramOptions } from "./ops/scatter/count.js";
export { indexAdd, indexCopy, indexFill, put, take } from "./ops/scatter/index-add.js";
export type { IndexAddOptions, PutOptions } from "./ops/scatter/index-add.js";
export { maskedFill, maskedScatter } from "./ops/scatter/masked.js";
export { scatter } from "./ops/scatter/scatter.js";
export type { ScatterOptions, ScatterReduction } from "./ops/scatter/scatter.js";
export { segmentMax, segmentMean, segmentMin, segmentProd, segmentSoftmax, segmentSum } from "./ops/scatter/segment.js";
export { logSoftmax, softmax } from "./ops/softmax.js";
export { i0, i1 } from "./ops/special/bessel.js";
export { allClose, isClose } from "./ops/special/close.js";
export type { CloseOptions } from "./ops/special/close.js";
export { digamma, polygamma } from "./ops/special/digamma.js";
export { copysign, frac, heaviside, hypot, nanToNum, sinc } from "./ops/special/elementary.js";
export type { NanToNumOptions } from "./ops/special/elementary.js";
export { erfc, logNdtr, ndtr } from "./ops/special/error-function.js";
export { betaln, lgamma } from "./ops/special/gamma.js";
export { entr, exp2, logAddExp, xlog1py } from "./ops/special/logarithmic.js";
export { erfinv, ndtri } from "./ops/special/quantile.js";
export { unflatten, unfold } from "./ops/views.js";
