export { Psnr, psnr } from "./psnr.js";
export type { PsnrOptions } from "./psnr.js";
export { Ssim, ssim } from "./ssim.js";
export type { SsimOptions } from "./ssim.js";
