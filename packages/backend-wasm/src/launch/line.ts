// Formulas over views that are all dense: everything lies in one row.
import { isContiguous } from "@dl/tensor";
import type { MapCall, Program, Typing, View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { MapLayout, MapShape } from "../kernels/map.js";
import { addressToRead, addressToWrite } from "./views.js";

export const isDense = ({ shape, strides }: View): boolean => isContiguous(shape, strides);

export const lineShape = (program: Program, typing: Typing, inputs: readonly View[], outs: readonly View[]): MapShape => ({
  program,
  typing,
  inputs: inputs.map(({ dtype }) => ({ dtype, access: "unit" })),
  outputs: outs.map(({ dtype }) => dtype),
  depth: 0,
});

/** @param block where the arguments begin */
export function writeLine(engine: Engine, layout: MapLayout, { inputs, outs, scalars }: MapCall, block = 0): void {
  for (let k = 0; k < inputs.length; k++) engine.argument(block + layout.view(k), addressToRead(engine, inputs[k]));
  for (let k = 0; k < outs.length; k++) engine.argument(block + layout.view(inputs.length + k), addressToWrite(engine, outs[k]));
  layout.writeScalars(engine, scalars, block);
}
