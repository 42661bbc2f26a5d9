/** Options as a layer's JSON keeps them: without the generator of initial values, and nothing when nothing was said. */
export function jsonOptions(options: object): object | undefined {
  const entries = Object.entries(options).filter(([key, value]) => key !== "generator" && value !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
