export { griffinLim } from "./griffin-lim.js";
export type { GriffinLimOptions } from "./griffin-lim.js";
export { MelSpectrogram } from "./mel-spectrogram.js";
export type { MelSpectrogramOptions, SpectrogramOptions } from "./mel-spectrogram.js";
export { melToLinear } from "./mel-to-linear.js";
export type { MelToLinearOptions } from "./mel-to-linear.js";
