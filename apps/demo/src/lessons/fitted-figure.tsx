import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Figure } from "../panels/figure.js";

const [NARROWEST, WIDEST] = [280, 640];

interface FittedFigureProps {
  /** The picture for a width in pixels. */
  readonly draw: (width: number) => string;
}

/** A picture drawn for the width that there is, so that its letters keep their size on a phone. */
export function FittedFigure({ draw }: FittedFigureProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState<number>();
  useLayoutEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const measure = (): void => { setWidth(Math.min(WIDEST, Math.max(NARROWEST, Math.floor(current.clientWidth)))); };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => { observer.disconnect(); };
  }, []);
  return <div ref={place}>{width !== undefined && <Figure svg={draw(width)} />}</div>;
}
