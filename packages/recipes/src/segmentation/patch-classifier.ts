import { DataLoader, TensorDataset } from "@dl/data";
import { Adam, BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@dl/nn";
import { Generator, type HostArray, type Tensor } from "@dl/tensor";
import { PatchSegmenter, extractPatches } from "@dl/vision";
import { classifierTrainer } from "../classifier.js";

/** Pixels of a patch: as far as a shape reaches. */
const size = 17;
/** Pixels between patches that are learnt from; neighbours' patches are almost the same. */
const stride = 4;

function network(numClasses: number, generator: Generator): Sequential {
  return new Sequential(
    new Conv2d(1, 12, 3, { bias: false, generator }), new BatchNorm2d(12), new ReLU(), new MaxPool2d(2),
    new Conv2d(12, 24, 3, { bias: false, generator }), new BatchNorm2d(24), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Linear(24 * 2 * 2, numClasses, { generator }),
  );
}

/** All patches of a set of pictures [N, 1, H, W] and the classes of the pixels in their middle, by masks [N, H, W]. */
function patchesOf(pictures: Tensor, masks: Tensor): TensorDataset {
  const { patches, labels } = extractPatches(pictures, size, { stride, mask: masks });
  const host = (values: Tensor): HostArray => ({ dtype: values.dtype, shape: values.shape, data: values.dataSync() });
  return new TensorDataset({ x: host(patches), y: host(labels) });
}

/** A network that tells the class of the pixel in the middle of a patch, trained on patches of pictures; as a segmenter it looks at every pixel's patch. */
export async function patchSegmenter({ x, y }: TensorDataset, numClasses: number, epochs: number, seed: number): Promise<PatchSegmenter> {
  const classifier = network(numClasses, new Generator(seed));
  const trainer = classifierTrainer(classifier, new Adam(classifier.parameters(), { lr: 4e-3 }));
  await trainer.fit(new DataLoader(patchesOf(x, y), { batchSize: 128, shuffle: true, seed }), { epochs });
  return new PatchSegmenter(classifier, size);
}
