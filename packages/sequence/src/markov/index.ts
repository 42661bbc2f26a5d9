export { MarkovChain } from "./markov-chain.js";
export type { MarkovChainOptions, SampleOptions as MarkovSampleOptions } from "./markov-chain.js";
