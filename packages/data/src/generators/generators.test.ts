import { createHash } from "node:crypto";
import { ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addingProblem, blobs, circles, gaussianRing, lesions, markovText, moons, nBody, quadrantShapes, shapes, shapeScenes, shortestPathGraphs, spheres, spirals, TensorDataset, toneSpeech,
  toyTranslation, translateToy, xor, type ShortestPathGraph,
} from "../index.js";

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const seeds = fc.nat(10_000);
const few = { numRuns: 20 };

/** Every bit of a result. */
const bits = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(value instanceof TensorDataset ? value.host : value, (_, item: unknown) => (ArrayBuffer.isView(item) ? Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString("hex") : item)))
    .digest("hex");

const generators: Readonly<Record<string, (options: { seed?: number; samples?: number }) => unknown>> = {
  moons, circles, spirals, blobs, xor, gaussianRing, shapes, shapeScenes, quadrantShapes, spheres, lesions, toyTranslation, addingProblem, toneSpeech, nBody, shortestPathGraphs,
  markovText: ({ samples, ...rest }) => markovText({ ...rest, ...(samples !== undefined && { length: samples }) }),
};

const points = ({ host: { x, y } }: TensorDataset): { x: number; y: number; label: number }[] =>
  Array.from(y.data, (label, i) => ({ x: x.data[2 * i], y: x.data[2 * i + 1], label }));

describe("every generator", () => {
  test.each(Object.entries(generators))("SYS-07 %s: the same seed gives the same bits, another one others", (_, make) => {
    const once = bits(make({ seed: 3, samples: 6 }));
    expect(bits(make({ seed: 3, samples: 6 }))).toBe(once);
    expect(bits(make({ seed: 4, samples: 6 }))).not.toBe(once);
    expect(bits(make({ samples: 6 }))).toBe(bits(make({ seed: 0, samples: 6 })));
  });

  test.each(Object.entries(generators))("%s rejects bad options, and gives nothing for 0 samples", (_, make) => {
    const typo: object = { sead: 1 };
    expect(() => make(typo)).toThrow(UnknownNameError);
    expect(() => make({ samples: -1 })).toThrow(ValueError);
    expect(() => make({ samples: 1.5 })).toThrow(ValueError);
    expect(() => make({ seed: -1 })).toThrow(ValueError);
    expect(() => make({ samples: 0 })).not.toThrow();
  });
});

describe("points", () => {
  test("without noise they lie on their curves, and classes are of equal size", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const options = { seed, samples: 60, noise: 0 };
        for (const { x, y, label } of points(moons(options))) {
          const [u, v] = label === 0 ? [x, y] : [1 - x, 0.5 - y];
          expect(Math.hypot(u, v)).toBeCloseTo(1, 5);
          expect(v).toBeGreaterThanOrEqual(-1e-6);
        }
        for (const { x, y, label } of points(circles({ ...options, factor: 0.3 }))) expect(Math.hypot(x, y)).toBeCloseTo(label === 0 ? 1 : 0.3, 5);
        for (const { x, y, label } of points(xor(options))) expect(Number(x * y < 0)).toBe(label);
        for (const { x, y, label } of points(spirals({ ...options, classes: 3, turns: 1.5 }))) {
          const radius = Math.hypot(x, y);
          const angle = 2 * Math.PI * (1.5 * radius + label / 3);
          expect([x, y].map((value) => value / radius)).toStrictEqual([expect.closeTo(Math.cos(angle), 4), expect.closeTo(Math.sin(angle), 4)]);
        }
        const labels = [...spirals({ ...options, classes: 3 }).host.y.data];
        expect(range(3).map((k) => labels.filter((label) => label === k).length)).toStrictEqual([20, 20, 20]);
      }),
      few,
    );
  });

  test("noise, blobs and rings have the spread asked for around their centres", () => {
    const spread = (set: TensorDataset, label: number): { mean: number[]; std: number } => {
      const own = points(set).filter((point) => point.label === label);
      const mean = [own.reduce((sum, { x }) => sum + x, 0) / own.length, own.reduce((sum, { y }) => sum + y, 0) / own.length];
      return { mean, std: Math.sqrt(own.reduce((sum, { x, y }) => sum + (x - mean[0]) ** 2 + (y - mean[1]) ** 2, 0) / (2 * own.length)) };
    };
    const ring = gaussianRing({ samples: 8000, std: 0.05 });
    for (const mode of range(8)) {
      const { mean, std } = spread(ring, mode);
      expect(mean[0]).toBeCloseTo(2 * Math.cos((Math.PI * mode) / 4), 1);
      expect(mean[1]).toBeCloseTo(2 * Math.sin((Math.PI * mode) / 4), 1);
      expect(Math.abs(std - 0.05)).toBeLessThan(0.004);
    }
    expect(Math.abs(spread(blobs({ samples: 6000, std: 0.5 }), 1).std - 0.5)).toBeLessThan(0.03);
    expect(blobs({ dims: 5, samples: 7 }).x.shape).toStrictEqual([7, 5]);
    const [clean, noisy] = [moons({ samples: 5000, noise: 0 }), moons({ samples: 5000, noise: 0.2 })];
    expect(clean.host.x.shape).toStrictEqual(noisy.host.x.shape);
    const off = points(noisy).filter(({ label }) => label === 0).map(({ x, y }) => Math.hypot(x, y) - 1);
    expect(Math.abs(Math.sqrt(off.reduce((sum, d) => sum + d * d, 0) / off.length) - 0.2)).toBeLessThan(0.03);
    expect(() => moons({ noise: -1 })).toThrow(/noise is -1/);
    expect(() => circles({ factor: 2 })).toThrow(/factor is 2/);
  });
});

describe("pictures", () => {
  test("shapes: the mask covers exactly the pixels of the caption's colour, on the caption's side", () => {
    const rgb = { red: [0.9, 0.1, 0.1], green: [0.1, 0.75, 0.2], blue: [0.15, 0.25, 0.95], yellow: [0.95, 0.9, 0.1] };
    fc.assert(
      fc.property(seeds, (seed) => {
        const { images, masks, captions, labels } = shapes({ seed, samples: 8, size: 24 });
        expect([images.shape, masks.shape]).toStrictEqual([[8, 3, 24, 24], [8, 24, 24]]);
        for (const [i, caption] of captions.entries()) {
          const [, extent, colour, kind, , , side] = caption.split(" ");
          const mask = masks.data.subarray(i * 576, (i + 1) * 576);
          const channel = (c: number): ArrayLike<number> => images.data.subarray((3 * i + c) * 576, (3 * i + c + 1) * 576);
          const drawn = range(576).map((p) => Number(rgb[colour as keyof typeof rgb].every((value, c) => channel(c)[p] === Math.fround(value))));
          expect(drawn).toStrictEqual([...mask]);
          const area = drawn.filter((value) => value === 1).length;
          expect(area).toBeGreaterThan(0);
          // Areas in radii squared: π, 1.7², and half of 1.7². Small radii end at 0.14 of the picture, large ones begin at 0.2.
          const unit = { circle: Math.PI, square: 2.89, triangle: 1.445 }[kind] ?? NaN;
          expect(Math.sqrt(area / unit) / 24 > 0.17).toBe(extent === "large");
          const middle = range(576).reduce((sum, p) => sum + mask[p] * (p % 24), 0) / area;
          expect(middle > 12).toBe(side === "right");
          expect(["circle", "square", "triangle"][labels.data[i]]).toBe(kind);
        }
      }),
      few,
    );
  });

  test("shape scenes: without grain every shape is of one grey of its own, brighter than the ground", () => {
    const { x, y } = shapeScenes({ samples: 60, noise: 0 });
    expect([x.shape, y.shape]).toStrictEqual([[60, 1, 48, 48], [60, 48, 48]]);
    expect(new Set(y.dataSync())).toStrictEqual(new Set([0, 1, 2, 3]));
    const [pixels, labels] = [x.dataSync(), y.dataSync()];
    for (let p = 0; p < pixels.length; p++) expect(pixels[p] >= 0.6 === labels[p] > 0).toBe(true);
  });

  test("quadrant shapes: all of the shape lies in its quadrant", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { data, quadrants } = quadrantShapes({ seed, samples: 8, noise: 0 });
        const pixels = data.x.dataSync();
        for (let i = 0; i < 8; i++) {
          const bright = range(1024).filter((p) => pixels[i * 1024 + p] >= 0.6);
          expect(bright.length).toBeGreaterThan(20);
          expect(new Set(bright.map((p) => Number(p % 32 >= 16) + 2 * Number(p >= 512)))).toStrictEqual(new Set([quadrants[i]]));
        }
      }),
      few,
    );
  });

  test("spheres: bright exactly where the mask is, and as large in all three dims", () => {
    const { x, y } = spheres({ samples: 12, most: 1, noise: 0, size: 20 });
    expect([x.shape, y.shape]).toStrictEqual([[12, 1, 20, 20, 20], [12, 20, 20, 20]]);
    const [voxels, labels] = [x.dataSync(), y.dataSync()];
    for (let i = 0; i < 12; i++) {
      const inside = range(8000).filter((p) => labels[i * 8000 + p] === 1);
      const own = new Set(inside);
      expect(range(8000).every((p) => voxels[i * 8000 + p] > 0.5 === own.has(p))).toBe(true);
      const extents = [400, 20, 1].map((step) => {
        const places = inside.map((p) => Math.floor(p / step) % 20);
        return Math.max(...places) - Math.min(...places) + 1;
      });
      expect(Math.max(...extents) - Math.min(...extents)).toBeLessThanOrEqual(1);
    }
  });

  test("lesions: pictures with and without contrast differ exactly on the mask", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const options = { seed, samples: 3, size: 32, noise: 0.01 };
        const [bright, plain] = [lesions({ ...options, contrast: 0.2 }), lesions({ ...options, contrast: 0 })];
        expect(bright.host.y.data).toStrictEqual(plain.host.y.data);
        const changed = Array.from(bright.host.x.data, (value, p) => Number(value !== plain.host.x.data[p]));
        expect(changed).toStrictEqual([...bright.host.y.data]);
      }),
      few,
    );
    const { x, y } = lesions({ samples: 40 });
    expect([x.shape, y.shape]).toStrictEqual([[40, 1, 64, 64], [40, 64, 64]]);
    const share = y.sum().item() / y.size;
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.15);
  });
});

describe("sequences", () => {
  test("addingProblem: the target is the sum of the two marked numbers, one in each half", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 30 }), (seed, length) => {
        const { x, y } = addingProblem({ seed, samples: 5, length }).host;
        for (const i of range(5)) {
          const steps = range(length).filter((t) => x.data[2 * (i * length + t) + 1] === 1);
          const [first, second] = steps;
          expect(steps).toHaveLength(2);
          expect(first < Math.floor(length / 2) && second >= Math.floor(length / 2)).toBe(true);
          expect(y.data[i]).toBe(Math.fround(x.data[2 * (i * length + first)] + x.data[2 * (i * length + second)]));
        }
      }),
    );
    const { data } = addingProblem({ samples: 4000, length: 4 }).host.y;
    expect(Array.from(data).reduce((sum, value) => sum + (value - 1) ** 2, 0) / 4000).toBeCloseTo(1 / 6, 1);
  });

  test("toyTranslation: word for word, adjectives reversed behind their noun, the verb last", () => {
    expect(translateToy(["the", "old", "red", "cat", "sees", "a", "dog", "now"])).toStrictEqual(["lo", "gato", "roda", "vana", "un", "kano", "nuna", "vida"]);
    const pairs = toyTranslation({ samples: 400, seed: 2 });
    for (const { source, target } of pairs) {
      expect(target).toStrictEqual(translateToy(source));
      expect(target).toHaveLength(source.length);
    }
    // One to one: the same sentence never has two translations, and no two words share one.
    expect(new Set(pairs.map(({ target }) => target.join(" "))).size).toBe(new Set(pairs.map(({ source }) => source.join(" "))).size);
    expect(() => translateToy(["the", "cow"])).toThrow(/"cow" is no word of the source language/);
    expect(() => translateToy(["the", "cat"])).toThrow(ValueError);
  });

  test("markovText: the pairs of characters come as often as the chain says, and the entropy rate is reached", () => {
    const transition = [[0.1, 0.9, 0], [0.5, 0, 0.5], [1, 0, 0]];
    const { text, entropyRate } = markovText({ alphabet: "abc", transition, length: 20_000, seed: 5 });
    const counts = transition.map(() => [0, 0, 0]);
    for (const i of range(text.length - 1)) counts["abc".indexOf(text[i])]["abc".indexOf(text[i + 1])]++;
    let surprise = 0;
    for (const [i, row] of counts.entries()) {
      const total = row.reduce((sum, count) => sum + count, 0);
      for (const [j, count] of row.entries()) {
        expect(Math.abs(count / total - transition[i][j])).toBeLessThan(0.02);
        if (count > 0) surprise -= count * Math.log(transition[i][j]);
      }
    }
    expect(surprise / (text.length - 1)).toBeCloseTo(entropyRate, 1);
    // A fair coin that is thrown anew each time has ln 2, one that goes round 0.
    expect(markovText({ alphabet: "xy", transition: [[0.5, 0.5], [0.5, 0.5]] }).entropyRate).toBeCloseTo(Math.LN2, 12);
    expect(markovText({ alphabet: "xy", transition: [[0, 1], [1, 0]], length: 4 }).entropyRate).toBe(0);
    for (const row of markovText({ seed: 1 }).transition) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  test("markovText rejects chains that are none", () => {
    expect(() => markovText({ alphabet: "ab", transition: [[1, 0]] })).toThrow(ShapeError);
    expect(() => markovText({ alphabet: "ab", transition: [[1, 0], [0.5, 0.4]] })).toThrow(/row 1 of transition/);
    expect(() => markovText({ alphabet: "aa" })).toThrow(/the alphabet is "aa"/);
  });

  test("toneSpeech: the strongest of the alphabet's frequencies in each piece is the character's", () => {
    const { waves, labels, transcripts, sampleRate, frequencies } = toneSpeech({ samples: 12, length: 4, seed: 1 });
    expect([waves.shape, labels.shape]).toStrictEqual([[12, 3200], [12, 4]]);
    const power = (wave: ArrayLike<number>, frequency: number): number => {
      const [re, im] = [Math.cos, Math.sin].map((part) => range(wave.length).reduce((sum, t) => sum + wave[t] * part((2 * Math.PI * frequency * t) / sampleRate), 0));
      return re ** 2 + im ** 2;
    };
    for (const [i, label] of labels.data.entries()) {
      const piece = waves.data.subarray(i * 800, (i + 1) * 800);
      const powers = frequencies.map((frequency) => power(piece, frequency));
      expect(powers.indexOf(Math.max(...powers))).toBe(label);
    }
    expect(transcripts[0]).toBe([...labels.data.subarray(0, 4)].join(""));
    expect(() => toneSpeech({ sampleRate: 2000 })).toThrow(/the tone of "9" has 1393 Hz\. Give fewer characters, or a sample rate above 2786/);
  });
});

describe("graphs", () => {
  test("nBody: forces cancel, momentum stays 0 and energy is kept", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(2, 3), (seed, dims) => {
        const [bodies, steps, softening] = [4, 50, 0.3];
        const { positions: r, velocities: v, accelerations: a, masses: m } = nBody({ seed, samples: 1, bodies, dims, steps, dt: 0.002, softening });
        expect(r.shape).toStrictEqual([1, steps, bodies, dims]);
        const total = (field: ArrayLike<number>, t: number, d: number): number => range(bodies).reduce((sum, i) => sum + m.data[i] * field[(t * bodies + i) * dims + d], 0);
        const energy = (t: number): number => {
          const at = (field: ArrayLike<number>, i: number): number[] => range(dims).map((d) => field[(t * bodies + i) * dims + d]);
          const gap = (i: number, j: number): number => Math.sqrt(at(r.data, i).reduce((sum, x, d) => sum + (x - at(r.data, j)[d]) ** 2, softening ** 2));
          const kinetic = range(bodies).reduce((sum, i) => sum + 0.5 * m.data[i] * at(v.data, i).reduce((square, x) => square + x * x, 0), 0);
          return kinetic - range(bodies).reduce((sum, i) => sum + range(i).reduce((inner, j) => inner + (m.data[i] * m.data[j]) / gap(i, j), 0), 0);
        };
        for (const t of [0, steps - 1]) for (const d of range(dims)) for (const field of [v.data, a.data]) expect(Math.abs(total(field, t, d))).toBeLessThan(1e-4);
        expect(Math.abs(energy(steps - 1) - energy(0))).toBeLessThan(2e-3);
      }),
      few,
    );
    const { edges, masses, accelerations } = nBody({ bodies: 3, samples: 2, gravity: 0 });
    expect([edges.shape, [...edges.data]]).toStrictEqual([[2, 6], [0, 0, 1, 1, 2, 2, 1, 2, 0, 2, 0, 1]]);
    expect(masses.shape).toStrictEqual([2, 3]);
    expect(accelerations.data.every((value) => value === 0)).toBe(true);
    expect(() => nBody({ dims: 4 })).toThrow(/dims is 4/);
  });

  test("nBody: one body two away pulls with G·m/d²", () => {
    const { positions: r, accelerations: a, masses: m } = nBody({ samples: 1, bodies: 2, gravity: 3, softening: 0 });
    const [dx, dy] = [r.data[2] - r.data[0], r.data[3] - r.data[1]];
    expect(Math.hypot(a.data[0], a.data[1])).toBeCloseTo((3 * m.data[1]) / (dx * dx + dy * dy), 3);
    expect(a.data[0] / a.data[1]).toBeCloseTo(dx / dy, 3);
  });

  /** Lengths of all shortest paths by Floyd and Warshall: another algorithm than the one under test. */
  const allDistances = ({ nodes, edges, weights }: ShortestPathGraph): number[][] => {
    const count = weights.data.length;
    const table = range(nodes).map((i) => range(nodes).map((j) => (i === j ? 0 : Infinity)));
    for (const e of range(count)) table[edges.data[e]][edges.data[count + e]] = weights.data[e];
    for (const k of range(nodes)) for (const i of range(nodes)) for (const j of range(nodes)) table[i][j] = Math.min(table[i][j], table[i][k] + table[k][j]);
    return table;
  };

  test("shortestPathGraphs: the labelled path is a path, from start to end, and none is shorter", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(0, 0.2, 0.7, 1), (seed, density) => {
        for (const graph of shortestPathGraphs({ seed, samples: 4, density, least: 2, most: 9 })) {
          const { nodes, edges, weights, start, end, path, distance, nodeLabels, edgeLabels } = graph;
          const count = weights.data.length;
          const distances = allDistances(graph);
          expect(distances.flat().every(Number.isFinite)).toBe(true);
          expect(distance).toBeCloseTo(distances[start][end], 9);
          expect([path[0], path[path.length - 1]]).toStrictEqual([start, end]);
          expect(start).not.toBe(end);
          const marked = range(count).filter((e) => edgeLabels.data[e] === 1);
          expect(marked).toHaveLength(path.length - 1);
          expect(marked.reduce((sum, e) => sum + weights.data[e], 0)).toBeCloseTo(distance, 9);
          for (const e of marked) expect(path.indexOf(edges.data[count + e]) - path.indexOf(edges.data[e])).toBe(1);
          expect(range(nodes).filter((node) => nodeLabels.data[node] === 1)).toStrictEqual([...path].sort((a, b) => a - b));
        }
      }),
    );
    expect(() => shortestPathGraphs({ least: 5, most: 4 })).toThrow(/most is 4\. Give a whole number of at least 5/);
  });
});
