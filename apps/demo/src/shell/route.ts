import { useEffect, useState } from "preact/hooks";

const current = (): string => location.hash.replace(/^#\/?/, "");

/** The part of the address behind #/, such as "lessons/gradient". */
export function useRoute(): string {
  const [route, setRoute] = useState(current);
  useEffect(() => {
    const follow = (): void => {
      setRoute(current());
      document.querySelector("main")?.focus();
    };
    addEventListener("hashchange", follow);
    return () => { removeEventListener("hashchange", follow); };
  }, []);
  return route;
}
