import { checkOptions, checkWhole, ShapeError, ValueError } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { foldWindows } from "../conv/windows.js";
import { asComplex } from "./complex.js";
import { irfft } from "./rfft.js";
import { frameKeys, framesOf, hopOf, windowOf } from "./stft.js";
import type { FrameOptions } from "./stft.js";

export interface ISTFTOptions extends FrameOptions {
  /** Length of the signal; by default all that the frames cover, less the padding of nFft/2 on both sides where centred. */
  readonly length?: number;
}

/** The signal of every frame: [.., F, T, 2] → [.., T, nFft]. Frequencies above nFft/2 say nothing new of a real signal. */
function framesFrom(spectrum: Tensor, nFft: number, onesided: boolean): Tensor {
  const bins = onesided ? Math.floor(nFft / 2) + 1 : nFft;
  if (spectrum.ndim < 3 || spectrum.shape[spectrum.ndim - 3] !== bins) {
    throw new ShapeError("istft", `the spectrum has shape ${showShape(spectrum.shape)}`, `Give [.., ${bins}, T, 2] for nFft ${nFft}`, { shape: spectrum.shape, nFft });
  }
  return irfft(spectrum, { n: nFft, dim: -2 }).transpose();
}

/** The part of `total` samples that is the signal. */
function rangeOf(total: number, nFft: number, { center = true, length }: ISTFTOptions): readonly [start: number, end: number] {
  const start = center ? nFft >> 1 : 0;
  if (length === undefined) return [start, center ? total - start : total];
  checkWhole("istft", "length", length, 1);
  if (start + length > total) throw new ValueError("istft", `the frames reach ${total - start} samples, not ${length}`, "Ask for a shorter signal, or pad the result", { length });
  return [start, start + length];
}

/** @throws ValueError where no window reaches. Checked where the backend can be read at once */
function checkOverlap(envelope: Tensor): void {
  if (envelope.backend.readSync === undefined || envelope.size === 0) return;
  const least = envelope.detach().min().item();
  if (least > 1e-11) return;
  throw new ValueError("istft", `the windows leave gaps: their squares add up to ${least} somewhere`, "Use a smaller hopLength, a window without zeros at its ends, or center: true", { least });
}

/**
 * The signal with the least squared distance to a short-time Fourier transform: frames are overlapped, added and divided by the sum of
 * squared windows. The exact inverse of `stft` with the same options. Shapes: [.., F, T, 2] → [.., L]. (Griffin & Lim, 1984)
 * @throws ValueError where windows leave gaps, so that nothing is known of the signal; ShapeError when F is not that of nFft
 */
export const istft = /* @__PURE__ */ defineComposite("istft", (spectrum: Tensor, nFft: number, options: ISTFTOptions = {}): Tensor => {
  checkOptions("istft", options, [...frameKeys, "length"]);
  const { normalized = false, onesided = true } = options;
  const hop = hopOf("istft", nFft, options.hopLength);
  const own = asComplex("istft", spectrum);
  const window = windowOf("istft", own, nFft, options);
  const frames = framesFrom(own, nFft, onesided);
  const count = frames.shape[frames.ndim - 2];
  const total = nFft + hop * (count - 1);
  const [start, end] = rangeOf(total, nFft, options);
  const lattice = framesOf(nFft, hop);
  const summed = foldWindows(frames.mul(normalized ? window.mul(Math.sqrt(nFft)) : window), [...frames.shape.slice(0, -2), total], lattice);
  const envelope = foldWindows(window.square().expand([count, nFft]), [total], lattice).slice(0, start, end);
  checkOverlap(envelope);
  return summed.slice(-1, start, end).div(envelope);
});

const spectrum = [[[2, 0], [4, 0]], [[1, -3], [3, 3]], [[0, 0], [-2, 0]]];

export const examples = (): Example[] => [
  example(istft, { inputs: [spectrum], call: ([z]) => istft(z, 4, { hopLength: 1, center: false }), expect: [1, 2, 0, -1, 3] }),
  example(istft, { inputs: [[[[3, 0], [5, 0], [7, 0]], [[1, 0], [-1, 0], [1, 0]]]], call: ([z]) => istft(z, 2, { hopLength: 2 }), expect: [1, 2, 3, 4] }),
  example(istft, { shapes: [[2, 3, 3, 2]], call: ([z]) => istft(z, 4, { hopLength: 2, normalized: true, length: 5 }) }),
  example(istft, { shapes: [[3, 2, 2]], call: ([z]) => istft(z, 3, { hopLength: 2, onesided: false }) }),
  example(istft, { shapes: [[3, 2, 2]], call: ([z]) => istft(z, 4, { hopLength: 5, center: false }), throws: "the windows leave gaps: their squares add up to 0" }),
  example(istft, { shapes: [[4, 2, 2]], call: ([z]) => istft(z, 4), throws: "Give [.., 3, T, 2] for nFft 4" }),
];
