import { bytesOf, collapse, reshaped, sizeOf } from "@dl/tensor";
import type { View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import { AttentionArgs, attentionModule, attentionRoom, attentionRoomAt, attentionViews, attentionWalk, queriesPerUnit } from "../kernels/attention.js";
import { withRoom } from "./room.js";
import { addressToRead, addressToWrite } from "./views.js";

const word = bytesOf("float32");

/** What a weight costs beside its products: an exponential, and a few passes. */
const workPerWeight = 32;

export class Attentions {
  constructor(private readonly engine: Engine) {}

  run(query: View, key: View, value: View, scale: number, isCausal: boolean, out: View, logTotals: View): void {
    const { engine } = this;
    const at = out.shape.length - 2;
    const leading = (view: View): View => reshaped(view, out.shape.slice(0, at), view.strides.slice(0, at));
    const views = [query, key, value, out, logTotals];
    const walk = collapse(out.shape.slice(0, at), views.map(leading));
    const [queries, width] = query.shape.slice(at);
    const [keys, valueWidth] = value.shape.slice(at);
    const chunks = Math.ceil(queries / queriesPerUnit);
    const sizes = [...walk.shape, chunks];
    const depth = sizes.length;
    engine.begin();
    engine.argumentsOf(AttentionArgs, {
      queries, keys, width, valueWidth, isCausal: Number(isCausal), scale: 0,
      queryRow: query.strides[at] * word, queryStep: query.strides[at + 1] * word,
      keyRow: key.strides[at] * word, keyStep: key.strides[at + 1] * word,
      valueRow: value.strides[at] * word, valueStep: value.strides[at + 1] * word,
    });
    engine.floatArgument(AttentionArgs.scale, scale);
    const addresses = views.map((view, k) => (k < 3 ? addressToRead(engine, view) : addressToWrite(engine, view)));
    // Keys and values are the same for all units of one product.
    const perUnit = [query.strides[at] * word, 0, 0, valueWidth * word, word].map((bytes) => bytes * queriesPerUnit);
    const strides = walk.strides.map((own, k) => [...own.map((step) => step * word), perUnit[k]]);
    const walked = [{ address: 0, strides: [...walk.shape.map(() => 0), queriesPerUnit] }, ...addresses.map((address, k) => ({ address, strides: strides[k] }))];
    sizes.forEach((size, d) => { engine.argument(attentionWalk.size(d), size); });
    attentionViews.forEach((_, k) => {
      const from = attentionWalk.view(k, depth);
      engine.argument(from, walked[k].address);
      walked[k].strides.forEach((stride, d) => { engine.argument(from + 1 + d, stride); });
    });
    const kernel = engine.kernel(`attention ${depth}`, (shared) => attentionModule(depth, { fma: engine.fma }, shared));
    const weights = (sizeOf(out.shape) / valueWidth) * keys;
    withRoom(engine, attentionRoom(width, valueWidth), attentionRoomAt, () => {
      engine.launch(kernel, sizeOf(sizes), 1, weights * (width + valueWidth + workPerWeight));
    });
  }
}
