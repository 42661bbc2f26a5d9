import { libraryBuild } from "../../tooling/tsup.base.js";

export default libraryBuild(["src/index.ts", "src/node/index.ts"]);
