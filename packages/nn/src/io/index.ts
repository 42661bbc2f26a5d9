export { packCheckpoint, restoreCheckpoint, unpackCheckpoint } from "./checkpoint.js";
export type { Checkpoint, CheckpointFiles, CheckpointParts, Restorable } from "./checkpoint.js";
export { writeWhole } from "./file-system.js";
export { loadCheckpoint, saveCheckpoint } from "./folder.js";
export { loadModel, saveModel } from "./model.js";
