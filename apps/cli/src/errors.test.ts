import { FormatError, unknownName } from "@dl/registry";
import { CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { asUsage, explain, UsageError } from "./errors.js";

const thrownBy = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe("exit codes", () => {
  test("2 for misuse, without the name of the function that noticed", () => {
    const error = thrownBy(() => asUsage(() => { throw unknownName("dl", "recipe", "digit-mlp", ["digits-mlp"]); }));
    expect(error).toBeInstanceOf(UsageError);
    expect(explain(error)).toStrictEqual({ code: 2, line: 'unknown recipe "digit-mlp". Did you mean "digits-mlp"?' });
  });

  test("2 for what the parser refuses, on one line", () => {
    const error = new CommanderError(1, "commander.unknownOption", "error: unknown option '--epoch'\n(Did you mean --epochs?)");
    expect(explain(error)).toStrictEqual({ code: 2, line: "unknown option '--epoch' (Did you mean --epochs?)" });
  });

  test("1 for failures, 0 for help", () => {
    expect(explain(new FormatError("x.gz", "bad checksum", "Use another file"))).toStrictEqual({ code: 1, line: "x.gz: bad checksum. Use another file." });
    expect(explain("lost")).toStrictEqual({ code: 1, line: "lost" });
    expect(explain(new CommanderError(0, "commander.helpDisplayed", "(outputHelp)")).code).toBe(0);
  });

  test("a programming error in a check stays one", () => {
    expect(() => asUsage(() => { throw new TypeError("oops"); })).toThrow(TypeError);
  });
});
