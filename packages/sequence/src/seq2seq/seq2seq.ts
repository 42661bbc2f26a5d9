import type { Module } from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import type { LanguageModelCache } from "../language-models/index.js";
import type { Memory } from "./memory.js";

/** What a decoder keeps of the memory and of the ids that it has read. */
export type DecoderState = LanguageModelCache;

/** What one more id gives. */
export interface DecodedStep {
  /** Of the next id, [N, V]. */
  readonly logits: Tensor;
  /** How much each head attends to each place of the memory, [N, heads, S]; `null` for a decoder without attention. */
  readonly attention: Tensor | null;
}

/** The writing half of a model: ids so far and a memory in, logits of the next id out. */
export interface TokenDecoder<C extends DecoderState = DecoderState> extends Module {
  readonly vocabSize: number;
  /** The most ids that it can read; `Infinity` where there is no limit. */
  readonly maxLength: number;
  /** All steps at once, for training. Shapes: ids [N, T] int32, memory [N, S, D] → [N, T, V]. */
  forward(ids: Tensor, memory: Memory | Tensor): Tensor;
  /** The state before the first id. For inference. */
  start(memory: Memory | Tensor): C;
  /** Reads one id per row, and remembers it. For inference. Shapes: ids [N, 1] int32. */
  step(ids: Tensor, state: C): DecodedStep;
  /** How much each step attends to each place, without gradients. Shapes: ids [N, T] → [N, heads, T, S]; `null` without attention. */
  attentionMaps(ids: Tensor, memory: Memory | Tensor): Tensor | null;
}

/**
 * What `greedyDecode`, `beamDecode` and `trace` work with: anything that reads a source and writes ids. `EncoderDecoder` has all of it but `encode`.
 */
export interface Seq2Seq<Source = Tensor, C extends DecoderState = DecoderState> extends Module {
  /** Number of different ids that it writes. */
  readonly targetVocabSize: number;
  /** The most ids that the target may have; `Infinity` where there is no limit. */
  readonly maxTargetLength: number;
  encode(source: Source): Memory;
  /** The state before the first id. */
  startDecoding(memory: Memory): C;
  /** Reads one id per row, [N, 1], and gives what comes next. */
  decodeStep(ids: Tensor, state: C): DecodedStep;
}
