import {
  BatchNorm2d, BatchNorm3d, Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d, InstanceNorm2d, InstanceNorm3d, MaxPool2d, MaxPool3d,
} from "@dl/nn";

/** Of an image, or of a volume. */
export type SpatialDims = 2 | 3;

/** The same layers for images and for volumes. */
export const layersFor = {
  2: { Conv: Conv2d, ConvTranspose: ConvTranspose2d, MaxPool: MaxPool2d, BatchNorm: BatchNorm2d, InstanceNorm: InstanceNorm2d, linear: "bilinear" },
  3: { Conv: Conv3d, ConvTranspose: ConvTranspose3d, MaxPool: MaxPool3d, BatchNorm: BatchNorm3d, InstanceNorm: InstanceNorm3d, linear: "trilinear" },
} as const;
