import { flatten, sized, text, u32, vector } from "./bytes.js";
import type { Piece } from "./bytes.js";
import type { ValueType } from "./code.js";
import { FunctionBuilder, typeCode } from "./function.js";
import type { Signature } from "./function.js";

/** The 65,536 pages of 64 KiB that 32-bit addresses reach. */
export const mostPages = 65_536;

const section = (id: number, items: readonly Piece[]): Piece => (items.length === 0 ? [] : [id, sized(vector(items))]);

/** A module of functions over one imported memory. */
export class ModuleBuilder {
  private readonly types: Signature[] = [];
  private readonly imports: { readonly name: string; readonly type: number }[] = [];
  private readonly functions: { readonly name: string | null; readonly type: number; readonly builder: FunctionBuilder }[] = [];

  /** @param title what profilers and debuggers show for its functions */
  constructor(
    private readonly sharedMemory: boolean,
    private readonly title = "kernel",
  ) {}

  private typeIndex(params: readonly ValueType[], results: readonly ValueType[]): number {
    const same = (a: readonly ValueType[], b: readonly ValueType[]): boolean => a.join() === b.join();
    const known = this.types.findIndex((type) => same(type.params, params) && same(type.results, results));
    return known >= 0 ? known : this.types.push({ params, results }) - 1;
  }

  /** A function of the host; all imports come before the first function. @returns its index */
  importFunction(name: string, params: readonly ValueType[], results: readonly ValueType[]): number {
    if (this.functions.length > 0) throw new RangeError("imports come first");
    return this.imports.push({ name, type: this.typeIndex(params, results) }) - 1;
  }

  /** @param name what it is exported as; null keeps it inside @returns its index */
  function(name: string | null, params: readonly ValueType[], results: readonly ValueType[], build: (f: FunctionBuilder) => void): number {
    const builder = new FunctionBuilder({ params, results });
    build(builder);
    this.functions.push({ name, type: this.typeIndex(params, results), builder });
    return this.imports.length + this.functions.length - 1;
  }

  /** The custom section "name", its part 1: names of functions. */
  private names(): Piece {
    const names = this.functions.map(({ name }, i): Piece => [u32(this.imports.length + i), text(`${this.title}: ${name ?? i}`)]);
    return [0, sized([text("name"), 1, sized(vector(names))])];
  }

  encode(): Uint8Array<ArrayBuffer> {
    const limits = this.sharedMemory ? [3, u32(1), u32(mostPages)] : [0, u32(1)];
    const imports: Piece[] = [
      [text("env"), text("memory"), 2, limits],
      ...this.imports.map(({ name, type }): Piece => [text("env"), text(name), 0, u32(type)]),
    ];
    const types = this.types.map(({ params, results }): Piece => [0x60, vector(params.map(typeCode)), vector(results.map(typeCode))]);
    const exports = this.functions.flatMap(({ name }, i): Piece[] => (name === null ? [] : [[text(name), 0, u32(this.imports.length + i)]]));
    return Uint8Array.from(flatten([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, types),
      section(2, imports),
      section(3, this.functions.map(({ type }) => u32(type))),
      section(7, exports),
      section(10, this.functions.map(({ builder }) => builder.encode())),
      this.names(),
    ]));
  }
}
