import { appBuild } from "../../tooling/tsup.base.js";

export default appBuild(["src/main.ts"]);
