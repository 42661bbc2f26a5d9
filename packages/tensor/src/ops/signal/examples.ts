import type { Example } from "../../op/example.js";
import { examples as complex } from "./complex.js";
import { examples as fft } from "./fft.js";
import { examples as frequencies } from "./frequencies.js";
import { examples as istft } from "./istft.js";
import { examples as rfft } from "./rfft.js";
import { examples as stft } from "./stft.js";

export const examples = (): Example[] => [...complex(), ...fft(), ...rfft(), ...frequencies(), ...stft(), ...istft()];
