type Reasons = Readonly<Record<string, string>>;

const because = (reason: string, ...names: readonly string[]): Reasons => Object.fromEntries(names.map((name) => [name, reason]));

/** Operators of the golden files that the table leaves out, and why. */
export const unmappedOperators: Reasons = {
  ...because("an operator of torchvision, not of this package", "DeformConv", "RoiAlign"),
  ...because("no recurrent layers yet", "RNN", "GRU", "LSTM"),
  ...because("no attention layers yet", "Attention", "RotaryEmbedding"),
  ...because("no cumulative ops yet", "CumSum", "CumProd"),
  ...because("no sorting ops yet", "TopK", "Unique"),
  ...because("no einsum yet", "Einsum"),
  ...because("no resampling of images yet", "Resize", "Upsample", "GridSample", "AffineGrid"),
  ...because("no spectral ops yet", "DFT", "STFT", "MelWeightMatrix", "HannWindow", "HammingWindow", "BlackmanWindow"),
  ...because("an optimizer, which is no op on tensors", "Adam", "Adagrad", "Momentum"),
  ...because("no op of ours works on bits", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot"),
  ...because("no determinant", "Det"),
  ...because("its output's shape depends on values, so it is to be asynchronous here", "NonZero"),
  ...because("not quantised: our arithmetic is in int32 and floats", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger"),
  ...because("our values are tensors, not sequences or optionals", "SplitToSequence", "OptionalGetElement", "OptionalHasElement"),
};

/** Cases of mapped operators that cannot come out as recorded, and why. */
export const unmatchedCases: Reasons = {
  ...because(
    "scatterAdd is our only scatter: no max, min or product",
    "test_scatter_elements_with_reduction_max",
    "test_scatter_elements_with_reduction_min",
    "test_scatter_elements_with_reduction_mul",
    "test_scatternd_max",
    "test_scatternd_max_with_element_indices",
    "test_scatternd_min",
    "test_scatternd_min_with_element_indices",
    "test_scatternd_multiply",
  ),
  ...because(
    "the mask comes from NumPy's random generator",
    "test_training_dropout",
    "test_training_dropout_default",
    "test_training_dropout_default_mask",
    "test_training_dropout_mask",
  ),
};
