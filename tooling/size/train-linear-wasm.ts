import { wasm } from "@dl/backend-wasm";
import { useBackend } from "@dl/tensor";
import { trainLinear } from "./train-linear.js";

// What the same page downloads when it trains on the WebAssembly backend.
void useBackend(wasm()).then(trainLinear);
