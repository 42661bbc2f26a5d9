import { bytesOf, sizeOf } from "@dl/tensor";
import type { Lattice, View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { Kernel } from "../kernel.js";
import { PoolArgs, maxPoolModule } from "../kernels/pool.js";
import { addressToRead, addressToWrite } from "./views.js";
import type { WindowTables } from "./windows.js";

export class Pools {
  private kernel: Kernel | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly tables: WindowTables,
  ) {}

  max(x: View, lattice: Lattice, values: View, positions: View): void {
    const { engine } = this;
    const [n, c, ...sizes] = x.shape;
    const out = values.shape.slice(2);
    const { taps, places } = this.tables.of(sizes, out, 1, lattice);
    this.kernel ??= engine.compile(maxPoolModule);
    engine.begin();
    const numTaps = sizeOf(lattice.kernel);
    const args: Record<keyof typeof PoolArgs, number> = {
      input: addressToRead(engine, x), planeBytes: sizeOf(sizes) * bytesOf(x.dtype), places, numPlaces: sizeOf(out), taps, numTaps,
      values: addressToWrite(engine, values), positions: addressToWrite(engine, positions),
    };
    for (const [name, value] of Object.entries(args)) engine.argument(PoolArgs[name as keyof typeof PoolArgs], value);
    engine.launch(this.kernel, n * c, 1, sizeOf(values.shape) * numTaps);
  }
}
