import type { HostArray } from "@dl/tensor";
import { decodeImage } from "../image-folder.js";
import { github, type DatasetFile, type DownloadedDataset } from "./entry.js";

/** Photographs by name, float32 [C, H, W] in 0..1. */
export type Photos = Readonly<Record<string, HostArray>>;

const skimage = (name: string): string => github("scikit-image/scikit-image", "v0.25.0", `skimage/data/${name}`);
const sklearn = (name: string): string => github("scikit-learn/scikit-learn", "1.6.0", `sklearn/datasets/images/${name}`);

const facts: readonly (readonly [name: string, bytes: number, sha256: string, url: string])[] = [
  ["astronaut.png", 791_555, "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5", /* @__PURE__ */ skimage("astronaut.png")],
  ["camera.png", 139_512, "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a", /* @__PURE__ */ skimage("camera.png")],
  ["chelsea.png", 240_512, "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb", /* @__PURE__ */ skimage("chelsea.png")],
  ["coffee.png", 466_706, "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7", /* @__PURE__ */ skimage("coffee.png")],
  ["text.png", 42_704, "bd84aa3a6e3c9887850d45d606c96b2e59433fbef50338570b63c319e668e6d1", /* @__PURE__ */ skimage("text.png")],
  ["china.jpg", 196_653, "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29", /* @__PURE__ */ sklearn("china.jpg")],
  ["flower.jpg", 142_987, "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638", /* @__PURE__ */ sklearn("flower.jpg")],
];

const files: readonly DatasetFile[] = /* @__PURE__ */ facts.map(([name, bytes, sha256, url]) => ({ path: `photos/${name}`, urls: [url], bytes, sha256 }));

const photosEntry: DownloadedDataset<Photos> = {
  kind: "downloaded",
  area: "photos",
  title: "Seven photographs",
  classes: [],
  samples: { all: facts.length },
  licence: "Public domain (astronaut, text), CC0 (camera, chelsea, coffee), CC BY 2.0 (china by danielbuechele, flower by vultilion)",
  reference: "scikit-image's and scikit-learn's sample pictures",
  files,
  decode: (bytesOf) => Object.fromEntries(facts.map(([name]) => [name.replace(/\.\w+$/, ""), decodeImage(bytesOf(`photos/${name}`), `photos/${name}`)])),
};

export const photos = { photos: photosEntry };
