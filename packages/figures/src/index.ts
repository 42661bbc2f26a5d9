export { chart } from "./chart.js";
export type { Axis, ChartOptions, Contours, Point, Series } from "./chart.js";
export { graphDiagram } from "./graph-diagram.js";
export type { DiagramEdge, DiagramNode, DiagramOptions } from "./graph-diagram.js";
export { heatMap } from "./heat-map.js";
export type { HeatMapOptions } from "./heat-map.js";
