import { Program, collapse, copyOnHost, inputExpr, isContiguous, sizeOf } from "@dl/tensor";
import type { View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { Maps } from "./map.js";
import { onHost } from "./views.js";

/** Whether the innermost dim that remains when dims are merged lies side by side in the target. */
function endsInNeighbours(source: View, target: View): boolean {
  const { strides } = collapse(source.shape, [source, target]);
  return strides[1].at(-1) === 1;
}

/** target = source, any strides. */
export class Copies {
  private same: Program | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly maps: Maps,
  ) {}

  run(source: View, target: View): void {
    if (sizeOf(source.shape) === 0) return;
    if (isContiguous(target.shape, target.strides) || endsInNeighbours(source, target)) {
      this.maps.run((this.same ??= new Program([inputExpr(0)], 1, 0)), [source], [target], []);
      return;
    }
    this.engine.begin();
    copyOnHost(onHost(this.engine, source), onHost(this.engine, target));
  }
}
