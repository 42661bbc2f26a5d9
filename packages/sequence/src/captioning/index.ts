export { CaptionDataset, captionDataset } from "./caption-dataset.js";
export type { CaptionSample } from "./caption-dataset.js";
export { Captioner } from "./captioner.js";
export type { CaptionerOptions } from "./captioner.js";
export { placePositions } from "./places.js";
