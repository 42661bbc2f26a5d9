import { Dropout, Embedding, LSTM, Layer, Linear, inSequence, jsonOptions } from "@dl/nn";
import type { GRU, ParameterRow, RNN } from "@dl/nn";
import { cat, oneHot, where as choose } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkCall } from "../check-call.js";
import type { LanguageModel, LanguageModelCall } from "../language-model.js";
import { recurrentLayers, recurrentSettings } from "./options.js";
import type { RecurrentLMOptions } from "./options.js";
import { RecurrentCache } from "./recurrent-cache.js";
import type { RecurrentState } from "./recurrent-cache.js";

/** What a recurrent model makes of ids: logits, and the state to go on from. */
export interface RecurrentOutput {
  /** [N, T, vocabSize]. */
  readonly logits: Tensor;
  readonly state: RecurrentState;
}

interface Ran {
  /** [N, T, hiddenSize]. */
  readonly hidden: Tensor;
  readonly state: RecurrentState;
}

/**
 * A recurrent network that predicts the next token: vectors of tokens (or one-hot ones), RNN, LSTM or GRU layers, and for each position the
 * logits of what comes next.
 *
 *     const model = new RecurrentLM({ vocabSize: 65, hiddenSize: 256, cell: "gru" });
 *     const { logits, state } = model.read(ids);        // the same as forward(ids), with the state
 *     const more = model.read(next, state).logits;      // as if ids and next had been one
 *
 * Shapes: ids [N, T], int32 → logits [N, T, vocabSize]; state [hidden] or [hidden, cell], each [layers, N, hiddenSize]. Parameters
 * `embedding.weight`, `rnn.weight_ih_l0`, …, `head.weight`, `head.bias`, which start as those of their layers do. (Mikolov et al., 2010)
 * @throws ShapeError, DTypeError for ids that are not int32 [N, T]; ValueError for an id that is not in the vocabulary; ValueError,
 * UnknownNameError for bad options
 */
export class RecurrentLM extends Layer implements LanguageModel<RecurrentCache> {
  static readonly type = "sequence/RecurrentLM";
  /** `null` for one-hot vectors. */
  readonly embedding: Embedding | null;
  readonly dropout: Dropout;
  readonly rnn: RNN | LSTM | GRU;
  readonly head: Linear;
  readonly vocabSize: number;
  readonly contextLength = Infinity;
  #carries = false;
  #carried: RecurrentState | null = null;

  constructor(options: RecurrentLMOptions) {
    super([jsonOptions(options)]);
    const settings = recurrentSettings(options);
    const { vocabSize, hiddenSize, embeddingDim, dropout, dtype, random } = settings;
    this.vocabSize = vocabSize;
    this.embedding = embeddingDim === 0 ? null : new Embedding(vocabSize, embeddingDim, { dtype, ...random });
    this.dropout = new Dropout(dropout, random);
    this.rnn = recurrentLayers(settings);
    this.head = new Linear(hiddenSize, vocabSize, { dtype, ...random });
  }

  forward(ids: Tensor, call: LanguageModelCall<RecurrentCache> = {}): Tensor {
    checkCall("RecurrentLM", ids, call, this.contextLength);
    const { cache, paddingMask, lastOnly = false } = call;
    const carries = this.#carries && this.training && cache === undefined;
    const before = cache?.state ?? (carries ? this.#stateFor(ids) : null);
    const { hidden, state } = paddingMask === undefined ? this.#run(ids, before) : this.#runPadded(ids, paddingMask, before);
    cache?.advance(ids.shape[1], state);
    if (carries) this.#carried = state.map((part) => part.detach());
    return this.#logits(lastOnly ? hidden.slice(1, -1) : hidden);
  }

  /** Like `forward`, from a state and with the state behind the last id. @throws ShapeError for a state of another batch */
  read(ids: Tensor, state: RecurrentState | null = null): RecurrentOutput {
    checkCall("RecurrentLM", ids, {}, this.contextLength);
    const ran = this.#run(ids, state);
    return { logits: this.#logits(ran.hidden), state: ran.state };
  }

  /** Cells have the state and nothing else to remember. */
  startCache(): RecurrentCache {
    return new RecurrentCache();
  }

  /** U, W, b of the cells, and V, c of the head, with their keys, shapes and sizes; the embedding is none of them. */
  paramTable(): ParameterRow[] {
    const { weight, bias } = this.head;
    const cells = this.rnn.paramTable().map((row) => ({ ...row, key: `rnn.${row.key}` }));
    const toOutput: ParameterRow = { symbol: "V", role: "hidden → output", key: "head.weight", shape: weight.shape, count: weight.size };
    if (bias === null) return [...cells, toOutput];
    return [...cells, toOutput, { symbol: "c", role: "bias of output", key: "head.bias", shape: bias.shape, count: bias.size }];
  }

  /**
   * Lets each `forward` in training go on from where the last one ended, cut off from its graph, as `CarriedState` wants it: from `state`, or
   * from zeros for `null`. `undefined` ends it.
   */
  carry(state: RecurrentState | null | undefined): void {
    this.#carries = state !== undefined;
    this.#carried = state ?? null;
  }

  /** The state that the next `forward` in training goes on from; `null` for zeros. */
  get carried(): RecurrentState | null {
    return this.#carried;
  }

  /** The carried state, unless it is that of another number of rows, as before the last, smaller batch. */
  #stateFor(ids: Tensor): RecurrentState | null {
    return this.#carried?.[0].shape[1] === ids.shape[0] ? this.#carried : null;
  }

  #vectors(ids: Tensor): Tensor {
    return this.embedding === null ? oneHot(ids, this.vocabSize).to(this.head.weight.dtype) : this.embedding.forward(ids);
  }

  #logits(hidden: Tensor): Tensor {
    return inSequence([this.dropout, this.head], hidden);
  }

  #run(ids: Tensor, state: RecurrentState | null): Ran {
    const x = this.dropout.forward(this.#vectors(ids));
    if (this.rnn instanceof LSTM) {
      const ran = this.rnn.forward(x, state === null ? undefined : { hidden: state[0], cell: state[1] });
      return { hidden: ran.output, state: [ran.hidden, ran.cell] };
    }
    const ran = this.rnn.forward(x, state?.[0]);
    return { hidden: ran.output, state: [ran.hidden] };
  }

  /** Step by step, so that the state of a row begins behind its padding. */
  #runPadded(ids: Tensor, padding: Tensor, before: RecurrentState | null): Ran {
    const outputs: Tensor[] = [];
    let state = before;
    for (let t = 0; t < ids.shape[1]; t++) {
      const ran = this.#run(ids.slice(1, t, t + 1), state);
      const isPadding = padding.slice(1, t, t + 1);
      const stale: RecurrentState = state ?? ran.state.map((part) => part.makeEmpty(part.shape, part.dtype));
      state = ran.state.map((part, k) => choose(isPadding, stale[k], part));
      outputs.push(ran.hidden);
    }
    return { hidden: cat(outputs, 1), state: state ?? [] };
  }
}
