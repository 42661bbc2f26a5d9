import { writeFileSync } from "node:fs";
import { gradientsPage } from "./gradients.js";

writeFileSync(new URL("../../docs/gradients.md", import.meta.url), gradientsPage());
