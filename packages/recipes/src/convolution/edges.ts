import type { Photos } from "@dl/data";
import { arange, cat, ones, tensor, zeros } from "@dl/tensor";
import type { HostArray, Tensor } from "@dl/tensor";
import { filter2d, fromImage, laplacian, makeGrid, prewitt, sobel, toGrey, toImage } from "@dl/vision";
import { defineDataCalculation } from "../define-calculation.js";

/** What is above 0 brighter than grey, what is below darker. */
const signed = (response: Tensor): Tensor => response.mul(0.5).add(0.5).clamp(0, 1);

/** Black where nothing changes. */
const strength = (response: Tensor): Tensor => response.mul(0.5).clamp(0, 1);

/** The photograph, Sobel along x and along y; below them how steep it is by Sobel, by Prewitt, and the Laplacian, doubled. */
const edgesOf = (photo: Tensor): HostArray =>
  fromImage(makeGrid([
    photo, signed(sobel(photo, { direction: "x" })), signed(sobel(photo, { direction: "y" })),
    strength(sobel(photo)), strength(prewitt(photo)), signed(laplacian(photo).mul(2)),
  ], { columns: 3 }));

/** Share of the pixels where brightness rises by more than an eighth from one pixel to the next: there Sobel's kernel gives 8 times that. */
const strongShare = (photo: Tensor): number => sobel(photo).gt(1).to("float32").mean().item();

/** Columns in which a filter answers, from 0. */
const answering = (response: Tensor): number[] => (response.abs().max([0, 1]).toArray() as number[]).flatMap((most, column) => (most > 0 ? [column] : []));

/** Chapter 5: a kernel slides over an image. What it answers to depends on its numbers: here on edges. */
export const edges = /* @__PURE__ */ defineDataCalculation<Photos>({
  name: "edges",
  title: "Convolution finds edges",
  chapter: 5,
  dataset: "photos",
  calculate: (photos) => {
    // Layers lay the kernel on the image as it is: Σ k(u, v)·x(i + u, j + v). A convolution turns it by 180° first: Σ k(u, v)·x(i − u, j − v).
    const ramp = arange(1, 17, 1, { dtype: "float32" }).reshape([1, 4, 4]);
    const kernel = tensor([[1, 0, -1], [2, 0, -2], [1, 0, -1]]);
    const [xcorr, conv] = (["xcorr", "conv"] as const).map((mode) => filter2d(ramp, kernel, { mode, padding: "valid" }));

    // A kernel that looks the same after half a turn gives the same either way.
    const round = tensor([[0, 1, 0], [1, -4, 1], [0, 1, 0]]);
    const turned = filter2d(ramp, round, { mode: "conv" }).sub(filter2d(ramp, round)).abs().max().item();

    // Where brightness does not change, differences are 0: only the two columns beside the step answer.
    const step = cat([zeros([1, 8, 4]), ones([1, 8, 4])], 2);
    const columns = { sobel: answering(sobel(step)), prewitt: answering(prewitt(step)), laplacian: answering(laplacian(step)) };

    const [camera, text, astronaut] = [toImage(photos.camera), toImage(photos.text), toGrey(toImage(photos.astronaut))];
    const strong = { camera: strongShare(camera), text: strongShare(text), astronaut: strongShare(astronaut) };
    const first = (response: Tensor): number => response.select(0, 0).select(0, 0).select(0, 0).item();
    return {
      text: [
        "The numbers 1 to 16 as 4 × 4 pixels, and the kernel [[1, 0, −1], [2, 0, −2], [1, 0, −1]]:",
        `  laid on as it is (cross-correlation): ${JSON.stringify(xcorr.select(0, 0).toArray())}`,
        `  turned by 180° first (convolution):   ${JSON.stringify(conv.select(0, 0).toArray())}`,
        `The Laplacian's kernel looks the same after half a turn: the two differ by ${turned}.`,
        "",
        "Four dark columns, 0 to 3, and four bright ones, 4 to 7. Columns that answer:",
        ...Object.entries(columns).map(([name, found]) => `  ${name.padEnd(9)} ${found.join(" and ")}`),
        "",
        "Share of pixels on strong edges (Sobel above 1):",
        ...Object.entries(strong).map(([name, share]) => `  ${name.padEnd(9)} ${(100 * share).toFixed(1)} %`),
        "",
        "The pictures, row by row: the photograph, Sobel along x, Sobel along y; steepness by Sobel, by Prewitt, the Laplacian, doubled.",
        "Along x, along y and in the Laplacian, grey is 0, brighter is above 0, darker below.",
      ],
      numbers: { xcorr: first(xcorr), conv: first(conv), turned, stepColumns: columns.sobel.length, strongCamera: strong.camera, strongText: strong.text },
      figures: {},
      pictures: { camera: edgesOf(camera), astronaut: edgesOf(astronaut) },
    };
  },
});
