import { trainLinear } from "./train-linear.js";

trainLinear();
