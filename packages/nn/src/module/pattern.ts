/** Which paths of modules or keys of parameters are meant: a regular expression, or a path and all that is below it. */
export type PathPattern = string | RegExp;

/** Whether a path is meant. `"features"` means `features` and `features.0.weight`, but not `features2`. */
export function matcher(pattern: PathPattern): (path: string) => boolean {
  if (typeof pattern === "string") return (path) => path === pattern || path.startsWith(`${pattern}.`);
  // A pattern that remembers where it stopped would find every second path only.
  const fresh = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ""));
  return (path) => fresh.test(path);
}
