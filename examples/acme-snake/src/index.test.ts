import { testPlugin } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";
import { examples, acme } from "./index.js";

bindSuite("acme-snake", testPlugin(acme, { examples }));
