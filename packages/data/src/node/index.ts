export { dataDir } from "./data-dir.js";
export { fetchFile, sha256Of } from "./fetch-file.js";
export type { FetchFileOptions, Progress, WriteChunk } from "./fetch-file.js";
export { findFile } from "./find-file.js";
export { openImageFolder } from "./image-folder.js";
export { fetchDataset, loadDataset, loadMnist } from "./load.js";
export type { FetchOptions, LoadOptions } from "./load.js";
