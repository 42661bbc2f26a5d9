import { libraryBuild } from "../../tooling/tsup.base.js";

export default libraryBuild();
