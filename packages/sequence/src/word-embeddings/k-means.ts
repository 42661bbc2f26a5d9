import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import { defaultGenerator, type Generator, type Tensor } from "@dl/tensor";
import { meanOf, pointsOf, tableLike } from "./points.js";

export interface KMeansOptions {
  /** How many, K. */
  readonly clusters: number;
  /** The most rounds of a run. Default 100. */
  readonly maxIterations?: number;
  /** Runs from other starts, of which the best counts. Default 10. */
  readonly restarts?: number;
  /** Of the starts. Default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

export interface KMeansResult {
  /** [K, D], in the dtype of the vectors. */
  readonly centers: Tensor;
  /** The cluster of each vector. */
  readonly labels: Int32Array;
  /** Σ of the squared distances to the nearest center. */
  readonly inertia: number;
  /** Rounds of the best run. */
  readonly iterations: number;
}

type Point = Float64Array;

interface Assignment {
  readonly labels: Int32Array;
  /** Squared, of each point to its center. */
  readonly distances: Float64Array;
  readonly inertia: number;
}

function squaredDistance(a: Point, b: Point): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] - b[d]) ** 2;
  return sum;
}

/** Each point to its nearest center, of equally near ones to the first. */
function assign(points: readonly Point[], centers: readonly Point[]): Assignment {
  const labels = new Int32Array(points.length);
  const distances = new Float64Array(points.length).fill(Infinity);
  points.forEach((point, n) => {
    centers.forEach((center, k) => {
      const distance = squaredDistance(point, center);
      if (distance >= distances[n]) return;
      distances[n] = distance;
      labels[n] = k;
    });
  });
  return { labels, distances, inertia: distances.reduce((sum, distance) => sum + distance, 0) };
}

/** k-means++: every next center is a point, drawn by its squared distance to the nearest one so far. (Arthur & Vassilvitskii, 2007) */
function spreadCenters(points: readonly Point[], clusters: number, generator: Generator): Point[] {
  const centers = [points[generator.int(points.length)]];
  while (centers.length < clusters) {
    const { distances, inertia } = assign(points, centers);
    let rest = generator.uniform() * inertia;
    const drawn = distances.findIndex((distance) => (rest -= distance) < 0);
    // All points may stand on centers already.
    centers.push(points[drawn >= 0 ? drawn : generator.int(points.length)]);
  }
  return centers;
}

/** The mean of each cluster; one without points moves to the point that is worst off. */
function moved(points: readonly Point[], { labels, distances }: Assignment, clusters: number): Point[] {
  const lonely = Array.from(distances.keys()).sort((a, b) => distances[b] - distances[a]);
  return Array.from({ length: clusters }, (_, k) => {
    const own = points.filter((__, n) => labels[n] === k);
    return own.length > 0 ? meanOf(own, points[0].length) : points[lonely.shift() ?? 0];
  });
}

interface Ran extends Assignment {
  readonly centers: readonly Point[];
  readonly iterations: number;
}

/** Assigns and moves in turns until no point changes its cluster. (Lloyd, 1982) */
function lloyd(points: readonly Point[], start: readonly Point[], maxIterations: number): Ran {
  let centers = start;
  let assignment = assign(points, centers);
  for (let iterations = 1; ; iterations++) {
    centers = moved(points, assignment, centers.length);
    const before = assignment.labels;
    assignment = assign(points, centers);
    const settled = assignment.labels.every((label, n) => label === before[n]);
    if (settled || iterations >= maxIterations) return { ...assignment, centers, iterations };
  }
}

/**
 * Groups vectors around K centers so that Σ‖x − center‖² is small: k-means++ starts, Lloyd's rounds, the best of several runs. The same generator, the same
 * clusters. Shapes: vectors [N, D]. (Lloyd, 1982; Arthur & Vassilvitskii, 2007)
 * @throws ShapeError unless vectors are [N, D]; DTypeError, ValueError for ones that are not finite floats, or for more clusters than vectors
 */
export function kMeans(vectors: Tensor, options: KMeansOptions): KMeansResult {
  checkOptions("kMeans", options, ["clusters", "maxIterations", "restarts", "generator"]);
  const { clusters, maxIterations = 100, restarts = 10, generator = defaultGenerator() } = options;
  for (const [name, value] of Object.entries({ clusters, maxIterations, restarts })) checkWhole("kMeans", name, value, 1);
  const points = pointsOf("kMeans", vectors);
  if (clusters > points.length) throw new ValueError("kMeans", `${points.length} vectors make no ${clusters} clusters`, "Ask for fewer", { clusters, count: points.length });
  const runs = Array.from({ length: restarts }, () => lloyd(points, spreadCenters(points, clusters, generator), maxIterations));
  const { centers, labels, inertia, iterations } = runs.reduce((best, run) => (run.inertia < best.inertia ? run : best));
  return { centers: tableLike(vectors, centers, points[0].length), labels, inertia, iterations };
}
