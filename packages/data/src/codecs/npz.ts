import { FormatError, ValueError, checkOptions } from "@dl/registry";
import type { HostArray } from "@dl/tensor";
import { decodeNpy, encodeNpy } from "./npy.js";
import { readZip, zip } from "./zip.js";
import type { ZipOptions } from "./zip.js";

const suffix = ".npy";

/**
 * Reads an archive of NumPy's np.savez or np.savez_compressed: arrays by name.
 * @param where names the file in errors
 * @throws FormatError that names the member for what `decodeNpy` refuses (pickled objects among it), for a member that is no
 * array, and for a damaged archive
 */
export function decodeNpz(bytes: Uint8Array, where = "decodeNpz"): Map<string, HostArray> {
  return new Map(Array.from(readZip(bytes, where), ([name, content]) => {
    const member = `${where}, member "${name}"`;
    if (!name.endsWith(suffix)) throw new FormatError(member, `its name does not end in ${suffix}`, "An npz archive holds arrays only: use unzip for others", { name });
    return [name.slice(0, -suffix.length), decodeNpy(content, member)];
  }));
}

/** `compress` deflates the arrays, as np.savez_compressed does. */
export type EncodeNpzOptions = ZipOptions;

/**
 * Writes an archive that NumPy's np.load reads. The same arrays give the same bytes.
 * @throws ValueError for a name that is empty or comes twice; what `encodeNpy` throws
 */
export function encodeNpz(arrays: Iterable<readonly [string, HostArray]>, options: EncodeNpzOptions = {}): Uint8Array {
  checkOptions("encodeNpz", options, ["compress"]);
  const files = new Map<string, Uint8Array>();
  for (const [name, array] of arrays) {
    const file = `${name}${suffix}`;
    if (name === "" || files.has(file)) throw new ValueError("encodeNpz", `the name "${name}" ${name === "" ? "is empty" : "comes twice"}`, "Give every array a name of its own", { name });
    files.set(file, encodeNpy(array));
  }
  return zip(files, options);
}
