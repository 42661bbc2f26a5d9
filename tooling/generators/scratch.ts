import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packagesOf } from "../arrows/workspace.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const needed = ["registry", "tensor", "autograd", "nn", "testing"];

/** A copy of the sources that generators change, outside of the repository, in which they can be compiled and run. */
export class Scratch {
  readonly root = mkdtempSync(join(tmpdir(), "dl-generators-"));

  constructor() {
    symlinkSync(join(root, "node_modules"), join(this.root, "node_modules"));
    cpSync(join(root, "tsconfig.base.json"), join(this.root, "tsconfig.base.json"));
    for (const { name, folder } of packagesOf(root)) {
      if (!needed.includes(name)) continue;
      cpSync(join(root, folder, "src"), join(this.root, folder, "src"), { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
      cpSync(join(root, folder, "package.json"), join(this.root, folder, "package.json"));
      this.link(folder);
    }
  }

  /** Lets the modules of `folder` import our packages. */
  link(folder: string): void {
    const scope = join(this.root, folder, "node_modules/@dl");
    mkdirSync(scope, { recursive: true });
    for (const name of needed) symlinkSync(join(this.root, "packages", name), join(scope, name));
  }

  write(path: string, text: string): void {
    const target = join(this.root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  /** What the TypeScript compiler says of a project; nothing when all is well. */
  typecheck(project: string, ...options: readonly string[]): string {
    return this.run(join(root, "node_modules/typescript/bin/tsc"), "-p", join(this.root, project), ...options);
  }

  /** What a TypeScript program prints. */
  execute(path: string): string {
    return this.run("--conditions=@dl/source", "--import", "tsx", join(this.root, path));
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  private run(...args: readonly string[]): string {
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: this.root, encoding: "utf8" });
    return `${stdout}${stderr}`.trim();
  }
}
