import type { AnyRecipe } from "@dl/recipes";
import { unknownName } from "@dl/registry";
import { Command } from "commander";
import { conformance } from "./commands/conformance.js";
import { getData, listData, verifyData, whereData, type DataFlags } from "./commands/data.js";
import { doctor, type DoctorFlags } from "./commands/doctor.js";
import { evaluate, type EvalFlags } from "./commands/eval.js";
import { generate, samplingFlags, type GenerateFlags } from "./commands/generate.js";
import { list, listKinds } from "./commands/list.js";
import { summarizeModel, summarizeRecipe, type SummaryFlags } from "./commands/summary.js";
import { run as runCalculation, type RunFlags } from "./commands/run.js";
import { train } from "./commands/train.js";
import { asUsage, EXIT, explain, UsageError } from "./errors.js";
import { addRecipeFlags, flagOf, parseNumber, parseWhole, recipeFlags } from "./flags.js";
import { print, type Io } from "./io.js";
import { backendNames, calculationTable, recipeTable } from "./names.js";
import type { TrainFlags } from "./plan.js";

const backendHelp = `where to compute: ${["auto", ...backendNames].join(", ")}; auto measures them (default wasm)`;

interface Outcome {
  code: number;
}

/** What a command without a recipe's name ends with. */
function refuseRecipe(name: string | undefined, usage: string, known: readonly string[] = Object.keys(recipeTable)): never {
  if (name === undefined) throw new UsageError(`name a recipe: ${usage}. Known: ${known.join(", ")}.`);
  if (name.startsWith("-")) throw new UsageError(`name the recipe first: ${usage} ${name} …`);
  return asUsage(() => { throw unknownName("dl", "recipe", name, known); });
}

/** One subcommand per recipe, so that each has its own flags and help. */
function eachRecipe(parent: Command, add: (command: Command, recipe: AnyRecipe) => void): void {
  for (const recipe of Object.values(recipeTable)) {
    const command = parent.command(recipe.name).description(recipe.title).usage("[options]").allowExcessArguments(false).allowUnknownOption(false);
    add(command, recipe);
    addRecipeFlags(command, recipe.options);
  }
}

function addTrain(program: Command, io: Io, outcome: Outcome): void {
  const usage = "dl train <recipe>";
  const parent = program.command("train").description("train a recipe's model and evaluate it").usage("<recipe> [options]");
  parent.argument("[recipe]").allowUnknownOption().allowExcessArguments();
  parent.action((name: string | undefined) => refuseRecipe(name, usage));
  parent.addHelpText("after", '\n"dl train <recipe> --help" lists the options of one.');
  eachRecipe(parent, (command, recipe) => {
    command
      .option("--data <name>", `data set: ${recipe.datasets.join(", ")} (default ${recipe.datasets[0]})`)
      .option("--backend <name>", backendHelp)
      .option("--seed <number>", "of everything random (default 0)", (text) => parseWhole("--seed", text))
      .option("--out <folder>", "where the checkpoint goes (default runs/<recipe>-<data>)")
      .option("--resume <folder>", "continue from a checkpoint of this recipe: its folder, or a zip of it")
      .option("--json", "print JSON, one object per line")
      .action(async (flags: TrainFlags & Record<string, unknown>) => {
        outcome.code = await train(recipe, recipeFlags(recipe.options, flags), flags, io);
      });
  });
}

function addRun(program: Command, io: Io): void {
  const usage = "dl run <recipe>";
  const parent = program.command("run").description("compute what a recipe shows: numbers, and pictures as SVG and PNG").usage("<recipe> [options]");
  parent.argument("[recipe]").allowUnknownOption().allowExcessArguments();
  parent.action((name: string | undefined) => refuseRecipe(name, usage, Object.keys(calculationTable)));
  for (const recipe of Object.values(calculationTable)) {
    parent
      .command(recipe.name)
      .description(recipe.title)
      .option("--backend <name>", backendHelp)
      .option("--seed <number>", "of everything random (default 0)", (text) => parseWhole("--seed", text))
      .option("--out <folder>", "where pictures go (default runs/<recipe>)")
      .option("--json", "print one JSON object")
      .action((flags: RunFlags) => runCalculation(recipe, flags, io));
  }
}

function addGenerate(program: Command, io: Io): void {
  const command = program
    .command("generate")
    .description("let the model in a checkpoint write: text after a prompt, or a translation of it")
    .argument("<checkpoint>", "its folder, or a zip of it")
    .option("--prompt <text>", "with what it begins, or what it is about (default nothing)")
    .option("--max-tokens <number>", "tokens to write at most", (text) => parseWhole("--max-tokens", text))
    .option("--seed <number>", "of chance (default 0)", (text) => parseWhole("--seed", text))
    .option("--backend <name>", backendHelp)
    .option("--json", "print one JSON object at the end");
  for (const [name, description] of Object.entries(samplingFlags)) command.option(`${flagOf(name)} <number>`, description, (text: string) => parseNumber(flagOf(name), text));
  command.action((folder: string, flags: GenerateFlags) => generate(folder, flags, io));
}

function addSummary(program: Command, io: Io): void {
  const parent = program.command("summary").description("layers, shapes, parameters and FLOPs of a recipe's model or of a model.json");
  parent.usage("<recipe|model.json> [options]").argument("[file]").option("--json", "print one JSON object");
  parent.option("--input <shape>", "shape of the input of a model.json, such as 1,1,28,28 (default: the recipe's, beside a checkpoint's)");
  parent.action(async (file: string | undefined, flags: SummaryFlags) => {
    if (file?.endsWith(".json") !== true) refuseRecipe(file, "dl summary <recipe|model.json>");
    await summarizeModel(file, flags, io);
  });
  eachRecipe(parent, (command, recipe) => {
    // --json is the parent's, too, and the parent takes it.
    command.option("--json", "print one JSON object").action(async () => {
      const flags: SummaryFlags & Record<string, unknown> = command.optsWithGlobals();
      await summarizeRecipe(recipe, recipeFlags(recipe.options, flags), flags, io);
    });
  });
}

function addData(program: Command, io: Io, outcome: Outcome): void {
  const parent = program.command("data").description("data sets: what there is, downloads, checks").usage("<list|get|verify|where> [options]");
  parent.helpCommand(false).argument("[command]").allowExcessArguments();
  parent.action((name: string | undefined) => {
    throw new UsageError(name === undefined ? "say what: dl data list, get, verify or where." : `unknown command "data ${name}". Known: list, get, verify, where.`);
  });
  const add = (name: string, description: string): Command => parent.command(name).description(description).option("--json", "print JSON, one object per line");
  add("list", "every data set: kind, samples, size, licence, whether it is here").action((flags: DataFlags) => listData(flags, io));
  add("get", "download what is missing of a data set").argument("<name>").action((name: string, flags: DataFlags) => getData(name, flags, io));
  add("verify", "compare the files of a data set with their SHA-256").argument("<name>").action(async (name: string, flags: DataFlags) => {
    outcome.code = await verifyData(name, flags, io);
  });
  add("where", "the folder that data sets are in").action((flags: DataFlags) => { whereData(flags, io); });
}

function createProgram(io: Io, outcome: Outcome): Command {
  const program = new Command("dl").description("Train, evaluate and inspect deep-learning models.");
  program.exitOverride().configureOutput({
    writeOut: (text) => { io.stdout.write(text); },
    writeErr: (text) => { io.stderr.write(text); },
    // `run` prints errors.
    outputError: () => undefined,
  });
  program.option("--debug", "print the stack trace of an error");
  program.helpCommand(false);
  addTrain(program, io, outcome);
  addRun(program, io);
  program
    .command("eval")
    .description("report on a checkpoint that dl train wrote: rates of classes, ROC, calibration")
    .argument("<checkpoint>", "its folder, or a zip of it")
    .option("--data <name>", "data set (default: the one it was trained on)")
    .option("--backend <name>", backendHelp)
    .option("--out <folder>", "where the report goes, as JSON and SVG (default <checkpoint>-report)")
    .option("--json", "print one JSON object")
    .action((folder: string, flags: EvalFlags) => evaluate(folder, flags, io));
  addGenerate(program, io);
  addSummary(program, io);
  addData(program, io, outcome);
  program
    .command("list")
    .description(`what there is: ${listKinds.join(", ")}`)
    .argument("[kind]")
    .option("--json", "print JSON, one object per line")
    .action((kind: string | undefined, flags: { readonly json?: boolean }) => list(kind, flags, io));
  program
    .command("doctor")
    .description("what this machine offers: Node, backends, threads, memory, data")
    .option("--json", "print one JSON object")
    .option("--conformance <backend>", `run the conformance suite on one: ${backendNames.join(", ")}, or a module that exports a plugin with one`)
    .action(async (flags: DoctorFlags) => {
      outcome.code = await (flags.conformance === undefined ? doctor(flags, io) : conformance(flags.conformance, flags, io));
    });
  return program;
}

/** Runs one command line, without the program's own name, and returns its exit code. Nothing is thrown. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const outcome: Outcome = { code: EXIT.ok };
  const program = createProgram(io, outcome);
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : argv, { from: "user" });
    return outcome.code;
  } catch (error) {
    return report(error, argv.includes("--debug"), io);
  }
}

function report(error: unknown, debug: boolean, io: Io): number {
  const { code, line } = explain(error);
  if (code === EXIT.ok) return code;
  if (line !== "") print(io.stderr, `dl: ${line}`);
  if (debug && error instanceof Error) print(io.stderr, error.stack ?? error.message);
  return code;
}
