import { bytesOf, sizeOf } from "@dl/tensor";
import type { Pool, View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import { PoolArgs, poolModule } from "../kernels/pool.js";
import type { PoolKind } from "../kernels/pool.js";
import { PoolGeometries } from "./pool-tables.js";
import { addressToRead, addressToWrite } from "./views.js";

/** Planes, and what their windows give. */
interface Call {
  readonly planes: View;
  readonly windows: View;
  readonly pool: Pool;
  readonly addresses: Readonly<Record<"image" | "out" | "positions", number>>;
}

export class Pools {
  private readonly geometries: PoolGeometries;

  constructor(private readonly engine: Engine) {
    this.geometries = new PoolGeometries(engine);
  }

  max(x: View, pool: Pool, values: View, positions: View): void {
    const { engine } = this;
    engine.begin();
    const addresses = { image: addressToRead(engine, x), out: addressToWrite(engine, values), positions: addressToWrite(engine, positions) };
    this.run("max", { planes: x, windows: values, pool, addresses });
  }

  sum(x: View, pool: Pool, out: View): void {
    const { engine } = this;
    engine.begin();
    this.run("sum", { planes: x, windows: out, pool, addresses: { image: addressToRead(engine, x), out: addressToWrite(engine, out), positions: 0 } });
  }

  /** The adjoint of `sum`. */
  spread(y: View, pool: Pool, out: View): void {
    const { engine } = this;
    engine.begin();
    this.run("spread", { planes: out, windows: y, pool, addresses: { image: addressToWrite(engine, out), out: addressToRead(engine, y), positions: 0 } });
  }

  private run(kind: PoolKind, { planes, windows, pool, addresses }: Call): void {
    const { engine } = this;
    const [n, c, ...sizes] = planes.shape;
    const out = windows.shape.slice(2);
    engine.argumentsOf(PoolArgs, {
      ...addresses,
      ...this.geometries.of(sizes, out, pool),
      imagePlane: sizeOf(sizes) * bytesOf(planes.dtype),
      outPlane: sizeOf(out) * bytesOf(windows.dtype),
    });
    engine.launch(engine.kernel(`pool ${kind}`, (shared) => poolModule(kind, shared)), n * c, 1, sizeOf(windows.shape) * sizeOf(pool.kernel));
  }
}
