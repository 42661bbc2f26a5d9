import { discriminativeGroups, freeze, freezeUntil, replaceHead } from "@dl/nn";
import type { CheckpointFiles, LearningRateGroup, TensorModule } from "@dl/nn";
import type { Generator } from "@dl/tensor";
import type { SmallCnnOptions } from "../generalization/small-cnn.js";
import { freshCnn, newDigits, unpacked } from "./pretrained.js";

export interface StartOptions {
  /** Of the pretrained network. */
  readonly files: CheckpointFiles;
  readonly network: SmallCnnOptions;
  /** Learning rate of the last layer. */
  readonly lr: number;
  /** Of all weights that do not come from the files. */
  readonly generator: Generator;
}

/** A model that is ready to learn the new digits, and how fast its parts are to learn. */
export interface Start {
  readonly model: TensorModule;
  readonly groups: readonly LearningRateGroup[];
}

export interface Method {
  /** In camelCase, for the names of numbers. */
  readonly key: string;
  readonly title: string;
  begin(options: StartOptions): Promise<Start>;
}

/** What was learnt for the first digits says nothing about which of the new ones it is. */
const withNewHead = async ({ files, generator }: StartOptions): Promise<TensorModule> => replaceHead(await unpacked(files), newDigits.length, { generator });

/** Everything that is not frozen learns equally fast. */
const evenly = (model: TensorModule, lr: number): Start => ({ model, groups: discriminativeGroups(model, { lr, factor: 1 }) });

/** From scratch, and the course's three methods of fine-tuning. */
export const methods: readonly Method[] = [
  {
    key: "scratch",
    title: "from scratch",
    begin: async ({ network, generator, lr }) => evenly(freshCnn(network, generator), lr),
  },
  {
    key: "all",
    title: "1: train everything, lower blocks more slowly",
    begin: async (options) => {
      const model = await withNewHead(options);
      return { model, groups: discriminativeGroups(model, { lr: options.lr }) };
    },
  },
  {
    key: "head",
    title: "2: freeze the convolutions, train the last layer",
    begin: async (options) => evenly(replaceHead(freeze(await unpacked(options.files)), newDigits.length, { generator: options.generator }), options.lr),
  },
  {
    key: "upper",
    title: "3: freeze two blocks, train the third and the last layer",
    begin: async (options) => evenly(freezeUntil(await withNewHead(options), "2"), options.lr),
  },
];
