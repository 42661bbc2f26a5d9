import type { Example } from "../../op/example.js";
import { examples as affineGrid } from "./affine-grid.js";
import { examples as gridSample } from "./grid-sample.js";
import { examples as interpolate } from "./interpolate.js";
import { examples as resample } from "./resample.js";
import { examples as shuffle } from "./shuffle.js";

export const examples = (): Example[] => [...resample(), ...interpolate(), ...gridSample(), ...affineGrid(), ...shuffle()];
