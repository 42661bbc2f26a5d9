import { checkOptions, checkWhole, ShapeError, ValueError } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { likeOf } from "../../op/like.js";
import { showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { windows } from "../conv/windows.js";
import { embed } from "../embed.js";
import { pad } from "../pad.js";
import type { PadMode } from "../pad.js";
import { asFloat } from "../special/formula-op.js";
import { dft } from "./dft.js";
import { alongLines } from "./lines.js";

export interface FrameOptions {
  /** Distance between neighbouring frames. Default ⌊nFft/4⌋. */
  readonly hopLength?: number;
  /** Length of the window, which lies in the middle of each frame. Default nFft. */
  readonly winLength?: number;
  /** What frames are multiplied with, [winLength]; by default ones: hannWindow(winLength) is what one mostly wants. Learnable. */
  readonly window?: Tensor;
  /** Frame t is centred at t·hopLength: the signal is padded by nFft/2 on both sides. Default true. */
  readonly center?: boolean;
  /** Multiply spectra by 1/√nFft. Default false. */
  readonly normalized?: boolean;
  /** Only the first nFft/2 + 1 frequencies; the others of a real signal are their conjugates. Default true. */
  readonly onesided?: boolean;
}

export interface STFTOptions extends FrameOptions {
  /** How the signal is padded where `center` is true. Default reflect. */
  readonly padMode?: PadMode;
}

export const frameKeys = ["hopLength", "winLength", "window", "center", "normalized", "onesided"];

/** Frames of `size` samples, `hop` apart, as `windows` and `foldWindows` take them. */
export const framesOf = (size: number, hop: number): { kernel: number[]; stride: number[]; dilation: number[] } => ({ kernel: [size], stride: [hop], dilation: [1] });

export function hopOf(where: string, nFft: number, hopLength = Math.floor(nFft / 4)): number {
  checkWhole(where, "nFft", nFft, 1);
  checkWhole(where, "hopLength", hopLength, 1);
  return hopLength;
}

/** The window in the middle of nFft samples, of x's dtype where none is given. @throws ShapeError when it is not [winLength] */
export function windowOf(where: string, x: Tensor, nFft: number, { window, winLength = nFft }: FrameOptions): Tensor {
  checkWhole(where, "winLength", winLength, 1);
  if (winLength > nFft) throw new ValueError(where, `winLength is ${winLength} and nFft ${nFft}`, "A window is no longer than its frame", { winLength, nFft });
  if (window !== undefined && (window.ndim !== 1 || window.shape[0] !== winLength)) {
    throw new ShapeError(where, `the window has shape ${showShape(window.shape)}`, `Give one of shape [${winLength}], or the winLength that fits`, { shape: window.shape, winLength });
  }
  const values = window ?? likeOf(x, new Float64Array(winLength).fill(1), [winLength]);
  return winLength === nFft ? values : embed(values, [nFft], 0, (nFft - winLength) >> 1, 1);
}

function padded(x: Tensor, nFft: number, { center = true, padMode = "reflect" }: STFTOptions): Tensor {
  const side = nFft >> 1;
  return center ? pad(x, [side, side], { mode: padMode }) : x;
}

/**
 * The short-time Fourier transform, as torch.stft: the spectrum of every windowed frame, X[f, t] = Σⱼ window[j]·x[t·hop + j]·e^(−2πi·fj/nFft).
 * Shapes: [.., L] → [.., F, T, 2], F = nFft/2 + 1 (nFft unless onesided), T = 1 + ⌊L/hop⌋ for even nFft (1 + ⌊(L − nFft)/hop⌋ unless centred).
 * @throws ShapeError when the signal is shorter than a frame or the window does not fit; ValueError on lengths below 1
 */
export const stft = /* @__PURE__ */ defineComposite("stft", (x: Tensor, nFft: number, options: STFTOptions = {}): Tensor => {
  checkOptions("stft", options, [...frameKeys, "padMode"]);
  const { normalized = false, onesided = true } = options;
  const hop = hopOf("stft", nFft, options.hopLength);
  const signal = asFloat(x);
  const window = windowOf("stft", signal, nFft, options);
  const samples = padded(signal, nFft, options);
  if (x.ndim === 0 || samples.shape[samples.ndim - 1] < nFft) {
    throw new ShapeError("stft", `a frame of ${nFft} does not fit the signal of shape ${showShape(x.shape)}`, "Use a smaller nFft, or pad the signal", { shape: x.shape, nFft });
  }
  const frames = windows(samples, framesOf(nFft, hop)).mul(normalized ? window.div(Math.sqrt(nFft)) : window);
  const bins = onesided ? Math.floor(nFft / 2) + 1 : nFft;
  const spectra = alongLines(frames.unsqueeze(-1), frames.ndim - 1, (lines) => dft(lines, -1).slice(2, 0, bins));
  return spectra.transpose(-3, -2);
});

export const examples = (): Example[] => [
  example(stft, { inputs: [[1, 2, 0, -1, 3]], call: ([x]) => stft(x, 4, { hopLength: 1, center: false }), expect: [[[2, 0], [4, 0]], [[1, -3], [3, 3]], [[0, 0], [-2, 0]]] }),
  example(stft, { inputs: [[1, 2, 3, 4]], call: ([x]) => stft(x, 2, { hopLength: 2 }), expect: [[[3, 0], [5, 0], [7, 0]], [[1, 0], [-1, 0], [1, 0]]] }),
  example(stft, { shapes: [[2, 6], [3]], call: ([x, window]) => stft(x, 4, { window, winLength: 3, hopLength: 2, normalized: true }) }),
  example(stft, { shapes: [[5]], call: ([x]) => stft(x, 3, { onesided: false, padMode: "constant", hopLength: 2 }) }),
  example(stft, { shapes: [[3]], call: ([x]) => stft(x, 4, { center: false }), throws: "a frame of 4 does not fit the signal of shape [3]" }),
  example(stft, { shapes: [[8], [3]], call: ([x, window]) => stft(x, 4, { window }), throws: "the window has shape [3]" }),
];
