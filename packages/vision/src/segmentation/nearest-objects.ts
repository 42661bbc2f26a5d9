import { componentsOf } from "./connected-components.js";
import { squaredDistances } from "./distance-transform.js";
import type { HostMap } from "./maps.js";

/** A part of a map; `bottom` and `right` are the first row and column behind it. */
interface Region {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Objects hang together by edges, not by corners. */
const NEIGHBOURS = 4;

const nowhere: Region = { top: Infinity, left: Infinity, bottom: 0, right: 0 };

/** The smallest region around each object. */
function regionsOf(labels: Int32Array, count: number, width: number): Region[] {
  const regions = new Array<Region>(count).fill(nowhere);
  labels.forEach((label, pixel) => {
    if (label === 0) return;
    const column = pixel % width;
    const row = (pixel - column) / width;
    const { top, left, bottom, right } = regions[label - 1];
    if (row >= top && row < bottom && column >= left && column < right) return;
    regions[label - 1] = { top: Math.min(top, row), left: Math.min(left, column), bottom: Math.max(bottom, row + 1), right: Math.max(right, column + 1) };
  });
  return regions;
}

const grown = ({ top, left, bottom, right }: Region, reach: number, { height, width }: HostMap): Region => ({
  top: Math.max(0, top - reach),
  left: Math.max(0, left - reach),
  bottom: Math.min(height, bottom + reach),
  right: Math.min(width, right + reach),
});

/**
 * d1 + d2 of each pixel: its distances to the nearest and to the second nearest object of a map; infinite where one of them is farther than
 * `reach`. Each object is looked at only as far as it reaches, so that the time does not grow with pixels × objects.
 */
export function distancesToTwo(map: HostMap, reach: number): Float64Array {
  const { labels, count } = componentsOf(map, NEIGHBOURS);
  const first = new Float64Array(labels.length).fill(Infinity);
  const second = new Float64Array(labels.length).fill(Infinity);
  regionsOf(labels, count, map.width).forEach((region, i) => {
    const { top, left, bottom, right } = grown(region, reach, map);
    const width = right - left;
    const squares = squaredDistances((row, column) => labels[(top + row) * map.width + left + column] === i + 1, bottom - top, width);
    squares.forEach((square, at) => {
      const pixel = (top + Math.floor(at / width)) * map.width + left + (at % width);
      second[pixel] = Math.min(second[pixel], Math.max(first[pixel], square));
      first[pixel] = Math.min(first[pixel], square);
    });
  });
  return first.map((square, pixel) => Math.sqrt(square) + Math.sqrt(second[pixel]));
}
