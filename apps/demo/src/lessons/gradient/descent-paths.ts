import { stepsToFloor, trajectory, valleyHeight, type Place } from "@dl/recipes";

export const methods = ["descent", "momentum", "nesterov"] as const;
export type Method = (typeof methods)[number];

/** Learning rates to choose from; descent and Nesterov's momentum have their limits between them. */
export const rates = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.21, 0.25, 0.3, 0.35, 0.4] as const;

/** The most steps that a path has. */
export const LONGEST = 60;

/** From the valley's floor, ten times as far as the start: from there on a path is no longer followed. */
const FAR = 10;

/** A path up to a step, and what became of it. */
export interface Progress {
  /** Without the places that are far away. */
  readonly visited: readonly Place[];
  readonly place: Place;
  readonly height: number;
  /** At which step it came to that: close to the lowest point to stay, or far away; undefined while it is on its way. */
  readonly arrived?: number;
  readonly lost?: number;
}

const known = new Map<string, readonly Place[]>();

/** All places that a method visits, computed once. Momentum 0 makes the three methods one. */
export function pathOf(method: Method, lr: number, momentum: number): readonly Place[] {
  const plain = method === "descent" || momentum === 0;
  const key = plain ? `${lr}` : `${method} ${lr} ${momentum}`;
  const path = known.get(key) ?? trajectory(plain ? { lr } : { lr, momentum, nesterov: method === "nesterov" }, LONGEST);
  known.set(key, path);
  return path;
}

const isFar = ([w0, w1]: Place): boolean => !(Math.abs(w0) <= FAR && Math.abs(w1) <= FAR);

/** What is to be said of a path after `steps` steps. */
export function progressOf(path: readonly Place[], steps: number): Progress {
  const soFar = path.slice(0, steps + 1);
  const lost = soFar.findIndex(isFar);
  const visited = lost < 0 ? soFar : soFar.slice(0, lost);
  const place = visited[visited.length - 1];
  const facts = { visited, place, height: valleyHeight(...place) };
  if (lost >= 0) return { ...facts, lost };
  const arrived = stepsToFloor(visited);
  return arrived < visited.length ? { ...facts, arrived } : facts;
}
