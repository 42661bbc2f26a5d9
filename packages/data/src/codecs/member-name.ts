import { broken } from "./broken.js";

/**
 * The name of a member of an archive, as a path below the folder that it is unpacked to.
 * @throws FormatError for one that would climb out of it: absolute, with a drive letter, or with `..`
 */
export function checkMemberName(where: string, name: string, offset: number): void {
  const climbs = /^[/\\]|^[a-z]:|\0/i.test(name) || name.split(/[/\\]/).includes("..");
  if (climbs) throw broken(where, offset, `the member "${name}" would be written outside of the folder`, "Do not unpack this archive: it was made to do harm");
}
