import { defaultGenerator } from "@dl/tensor";

let depth = 0;

/** Whether initial values are being left out: they would be thrown away. */
export const isSkeleton = (): boolean => depth > 0;

/** Runs `body` with layers left at zero and the default generator put back afterwards: for structure, not for values. */
export function asSkeleton<T>(body: () => T): T {
  const generator = defaultGenerator();
  const before = generator.state();
  depth += 1;
  try {
    return body();
  } finally {
    depth -= 1;
    generator.setState(before);
  }
}
