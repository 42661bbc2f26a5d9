import { useEffect } from "preact/hooks";
import { methods, pathOf, rates } from "./descent-paths.js";

const PAUSE_MS = 50;

/** Computes the paths of all learning rates one by one while nothing else happens, so that dragging finds them ready. */
export function usePathsAhead(momentum: number): void {
  useEffect(() => {
    let next = 0;
    let timer = setTimeout(function compute() {
      for (const method of methods) pathOf(method, rates[next], momentum);
      next++;
      if (next < rates.length) timer = setTimeout(compute, PAUSE_MS);
    }, PAUSE_MS);
    return () => { clearTimeout(timer); };
  }, [momentum]);
}
