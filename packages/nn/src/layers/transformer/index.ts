export { TransformerDecoder, TransformerDecoderLayer } from "./decoder.js";
export type { DecoderCall, DecoderPart } from "./decoder.js";
export { TransformerEncoder, TransformerEncoderLayer } from "./encoder.js";
export type { EncoderCall, EncoderPart } from "./encoder.js";
export type { TransformerLayerOptions } from "./options.js";
export type { StackOptions, StackPart } from "./stack.js";
export { Transformer } from "./transformer.js";
export type { TransformerCall, TransformerOptions } from "./transformer.js";
