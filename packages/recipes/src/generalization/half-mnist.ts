// For tests: MNIST at a quarter of the pixels, so that trainings on the reference backend take seconds.
import { TensorDataset, datasets } from "@dl/data";
import { dataDir, loadDataset } from "@dl/data/node";

const [SIDE, HALF] = [28, 14];

/** Means of 2×2 pixels. */
function halved({ host: { x, y } }: TensorDataset): TensorDataset {
  const count = x.shape[0];
  const data = new Uint8Array(count * HALF * HALF);
  for (let i = 0; i < data.length; i++) {
    const corner = 2 * SIDE * Math.floor(i / HALF) + 2 * (i % HALF);
    data[i] = Math.round([0, 1, SIDE, SIDE + 1].reduce((sum, step) => sum + x.data[corner + step], 0) / 4);
  }
  return new TensorDataset({ x: { dtype: "uint8", shape: [count, 1, HALF, HALF], data }, y }, { bytesAsUnit: true });
}

/** The first digits of MNIST, 14×14 pixels. */
export async function halfMnist(count: Readonly<Record<"train" | "test", number>>): Promise<{ readonly train: TensorDataset; readonly test: TensorDataset }> {
  const { train, test } = await loadDataset(datasets.mnist, { dir: dataDir() });
  return { train: halved(train.take(count.train)), test: halved(test.take(count.test)) };
}
