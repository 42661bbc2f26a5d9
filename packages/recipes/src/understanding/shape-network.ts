import { DataLoader, quadrantShapes, TensorDataset } from "@dl/data";
import { Adam, AdaptiveAvgPool2d, Conv2d, Flatten, init, Linear, MaxPool2d, ReLU, Sequential } from "@dl/nn";
import type { TensorModule } from "@dl/nn";
import { full, Generator, median, rand, randn } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { classifierTrainer } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";

/** Classes by number; the last one is what `emptyPictures` show. */
export const shapeNames = ["circle", "square", "triangle", "nothing"];

const GRAIN = 0.05;

/** Key of the layer whose maps tell most: the last ones that still have places. */
export const LAST_MAPS = "6";

/** Of each picture how much brighter it is than its ground, which most of its pixels are. */
const aboveGround = (pictures: Tensor): Tensor => pictures.sub(median(pictures.flatten(1), 1).values.reshape([-1, 1, 1, 1])).div(0.2);

/** Ground and grain as in `quadrantShapes`, and no shape. */
function emptyPictures(count: number, size: number, generator: Generator): Tensor {
  const ground = rand([count, 1, 1, 1], { generator }).mul(0.3).add(0.1);
  return ground.add(randn([count, 1, size, size], { generator }).mul(GRAIN)).clamp(0, 1);
}

export interface ShapeSettings {
  readonly samples: number;
  /** Height and width of the pictures in pixels. Default 32. */
  readonly size?: number;
  readonly seed: number;
}

export interface ShapePictures {
  /** As the network takes them, [N, 1, size, size]. */
  readonly x: Tensor;
  /** As one looks at them. */
  readonly pictures: Tensor;
  /** 0 circle, 1 square, 2 triangle. */
  readonly classes: readonly number[];
  /** Where the shapes are: 0 top left, 1 top right, 2 bottom left, 3 bottom right. */
  readonly quadrants: Int32Array;
}

/** Pictures that the network is judged by. */
export async function unseenShapes({ samples, size = 32, seed }: ShapeSettings): Promise<ShapePictures> {
  const { data, quadrants } = quadrantShapes({ samples, size, noise: GRAIN, seed });
  return { x: aboveGround(data.x), pictures: data.x, classes: Array.from(await data.y.data()), quadrants };
}

/** 3×3 pixels; what lies beyond the border is like the border, so that the border is no edge. */
function convolution(from: number, to: number, generator: Generator): TensorModule[] {
  const conv = new Conv2d(from, to, 3, { padding: "same", paddingMode: "replicate", generator });
  init.kaimingNormal(conv.weight, { nonlinearity: "relu", generator });
  return [conv, new ReLU()];
}

/** The mean over all places says how much of something there is, and not where: the maps before it do. */
const shapeNetwork = (maps: number, generator: Generator): Sequential =>
  new Sequential(
    ...convolution(1, 8, generator), new MaxPool2d(2),
    ...convolution(8, 16, generator), ...convolution(16, maps, generator),
    new AdaptiveAvgPool2d(1), new Flatten(), new Linear(maps, shapeNames.length, { generator }),
  );

export interface ShapeTraining extends ShapeSettings {
  readonly epochs: number;
  /** Of the last layer. Default 32. */
  readonly maps?: number;
}

/**
 * A network that learnt to say which shape is on a picture; nobody told it where. A fifth of what it saw is empty: without that it could say
 * "triangle" of whatever is neither round nor square, and would look at the ground.
 */
export async function learnShapes({ samples, epochs, size = 32, maps = 32, seed }: ShapeTraining): Promise<Sequential> {
  const generator = new Generator(seed);
  const { data } = quadrantShapes({ samples, size, noise: GRAIN, seed });
  const count = Math.ceil(samples / 4);
  const empty = new TensorDataset({ x: emptyPictures(count, size, generator), y: full([count], 3, { dtype: "int32" }) });
  const { x, y } = data.concat(empty);
  const loader = new DataLoader(new TensorDataset({ x: aboveGround(x), y }), { batchSize: 8, shuffle: true, seed });
  const model = shapeNetwork(maps, generator);
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  await classifierTrainer(model, optimizer, [cosineDecay(optimizer, 0.01, epochs * loader.length, 0.15)]).fit(loader, { epochs });
  return model.eval();
}
