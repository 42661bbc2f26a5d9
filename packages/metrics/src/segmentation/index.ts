export { BoundaryIoU, boundaryIoU } from "./boundary-iou.js";
export type { BoundaryIoUOptions } from "./boundary-iou.js";
export { Dice, dice, IoU, iou, MeanIoU, meanIoU, PixelAccuracy, pixelAccuracy } from "./overlap.js";
