import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface CurveSeries {
  readonly name: string;
  /** Which of the page's three colours. */
  readonly colour: 1 | 2 | 3;
  readonly faint?: boolean;
  readonly dots?: boolean;
  readonly dashed?: boolean;
}

interface CurveProps {
  /** What the curve shows, and how it stands, for screen readers. */
  readonly label: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly CurveSeries[];
  /** x, then the values of each series; the arrays may grow in place. */
  readonly data: readonly (readonly (number | null)[])[];
  /** Another one whenever the data are others. */
  readonly version: unknown;
  /** Of y. Default: as far as the data reach. */
  readonly range?: readonly [number, number];
  readonly xRange?: readonly [number, number];
}

const HEIGHT = 230;

const cssColour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function optionsOf({ x, y, series, range, xRange }: CurveProps, width: number): uPlot.Options {
  const [ink, line] = [cssColour("--quiet"), cssColour("--line")];
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "12px system-ui", labelFont: "12px system-ui" };
  return {
    width,
    height: HEIGHT,
    scales: { x: { time: false, ...(xRange && { range: [...xRange] }) }, y: range === undefined ? {} : { range: [...range] } },
    axes: [{ ...axis, label: x, labelSize: 18, size: 34 }, { ...axis, label: y, labelSize: 18, size: 48 }],
    series: [{ label: x }, ...series.map(({ name, colour, faint, dots, dashed }) => ({
      label: name,
      stroke: cssColour(`--series-${colour}`) + (faint === true ? "66" : ""),
      width: faint === true ? 1 : 2,
      spanGaps: true,
      points: { show: dots === true, size: 7, fill: cssColour(`--series-${colour}`) },
      ...(dashed === true && { dash: [6, 4] }),
    }))],
    cursor: { drag: { x: false, y: false } },
    legend: { live: false },
  };
}

/** Lines over a number, redrawn as they grow. The height is fixed, so that nothing jumps when the first point comes. */
export function Curve(props: CurveProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const kept = useRef(props);
  kept.current = props;
  const shape = JSON.stringify([props.x, props.y, props.series, props.range, props.xRange]);

  useEffect(() => {
    const node = place.current;
    if (node === null) return;
    let isShown = true;
    let Plot: typeof uPlot | undefined;
    const rebuild = (): void => {
      plot.current?.destroy();
      if (Plot !== undefined) plot.current = new Plot(optionsOf(kept.current, node.clientWidth), kept.current.data as uPlot.AlignedData, node);
    };
    // The page can be used before its charts are here.
    void import("uplot").then((loaded) => {
      if (!isShown) return;
      Plot = loaded.default;
      rebuild();
    });
    // What is hidden has no width; it is drawn when it is shown again.
    const watch = new ResizeObserver(() => { if (node.clientWidth > 0) plot.current?.setSize({ width: node.clientWidth, height: HEIGHT }); });
    const night = matchMedia("(prefers-color-scheme: dark)");
    watch.observe(node);
    night.addEventListener("change", rebuild);
    return () => {
      isShown = false;
      watch.disconnect();
      night.removeEventListener("change", rebuild);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape]);

  useEffect(() => { plot.current?.setData(props.data as uPlot.AlignedData); }, [props.version, shape]);

  return <div class="curve" ref={place} role="img" aria-label={props.label} />;
}
