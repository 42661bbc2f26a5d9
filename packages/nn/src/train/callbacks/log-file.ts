import { StateError } from "@dl/registry";
import { fileSystem, ifPresent } from "../../io/file-system.js";
import { fieldsOf } from "./state.js";

const newline = 0x0a;

/**
 * A text file that grows by whole lines. Lines wait in memory until `flush` appends them at once; what a kill within that leaves of
 * a last line is cut off when the file is opened again. A resumed training cuts it back to where its checkpoint knew it.
 */
export class LogFile {
  #pending: string[] = [];
  /** Length of the file when it was last flushed. */
  #bytes = 0;
  /** The file that a restored state speaks of. */
  #restoredPath: string | null = null;

  /** @param where names the callback in errors */
  constructor(private readonly where: string, readonly path: string) {}

  add(line: string): void {
    this.#pending.push(`${line}\n`);
  }

  /** Opens the file for a new training: empties it, or with `append` goes on behind its last whole line. Returns its first line. */
  async begin(append: boolean): Promise<string> {
    const { mkdir, path, writeFile } = await fileSystem();
    this.#pending = [];
    await mkdir(path.dirname(this.path), { recursive: true });
    const present = append ? await this.#wholeLines() : null;
    if (present === null) await writeFile(this.path, "");
    else await this.#cutTo(present.length);
    this.#bytes = present?.length ?? 0;
    return new TextDecoder().decode(present?.subarray(0, present.indexOf(newline)));
  }

  /**
   * Goes on where a restored state stood. Returns false when that was another file, which has to be begun instead.
   * @throws StateError when the file has lost lines since
   */
  async goOn(): Promise<boolean> {
    if (this.#restoredPath !== this.path) return false;
    const size = (await this.#wholeLines())?.length ?? 0;
    if (size < this.#bytes) {
      throw new StateError(this.where, `"${this.path}" has ${size} bytes in whole lines, the checkpoint knows of ${this.#bytes}`, "Put the log back, or give a path of its own to the resumed training", { path: this.path });
    }
    await this.#cutTo(this.#bytes);
    return true;
  }

  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const { appendFile } = await fileSystem();
    const bytes = new TextEncoder().encode(this.#pending.join(""));
    await appendFile(this.path, bytes, { flush: true });
    this.#bytes += bytes.length;
    this.#pending = [];
  }

  async #wholeLines(): Promise<Uint8Array | null> {
    const { readFile } = await fileSystem();
    const bytes = await ifPresent(() => readFile(this.path));
    return bytes === null ? null : bytes.subarray(0, bytes.lastIndexOf(newline) + 1);
  }

  async #cutTo(bytes: number): Promise<void> {
    const { truncate, writeFile } = await fileSystem();
    // Makes the file where there was none.
    if (bytes === 0) await writeFile(this.path, "");
    else await truncate(this.path, bytes);
  }

  stateDict(): unknown {
    return { path: this.path, bytes: this.#bytes, pending: [...this.#pending] };
  }

  loadStateDict(state: unknown): void {
    const { path, bytes, pending } = fieldsOf(this.where, state, ["path", "bytes", "pending"]);
    this.#restoredPath = String(path);
    this.#bytes = Number(bytes);
    this.#pending = [...(pending as readonly string[])];
  }
}
