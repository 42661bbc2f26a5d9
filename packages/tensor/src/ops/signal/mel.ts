import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { build } from "../../create.js";
import type { TensorOptions } from "../../create.js";
import type { Tensor } from "../../tensor.js";

export type MelScale = "htk" | "slaney";

export interface MelOptions extends TensorOptions {
  /** Where the first filter begins, in Hz. Default 0. */
  readonly fMin?: number;
  /** Where the last filter ends, in Hz. Default sampleRate/2. */
  readonly fMax?: number;
  /** The formula of the mel scale: "htk" (default) is logarithmic, "slaney" linear below 1000 Hz. */
  readonly melScale?: MelScale;
  /** "slaney" gives every triangle area 1 instead of height 1. Default none. */
  readonly norm?: "slaney";
}

interface Scale {
  readonly toMel: (hertz: number) => number;
  readonly toHertz: (mel: number) => number;
}

const corner = 1000;
const step = 66.66666666666667;
// ln(6.4)/27: 27 steps from 1000 to 6400 Hz.
const logStep = 0.06875177742094912;

const scales: Readonly<Record<MelScale, Scale>> = {
  htk: { toMel: (hertz) => 2595 * Math.log10(1 + hertz / 700), toHertz: (mel) => 700 * (10 ** (mel / 2595) - 1) },
  slaney: {
    toMel: (hertz) => (hertz < corner ? hertz / step : corner / step + Math.log(hertz / corner) / logStep),
    toHertz: (mel) => (mel < corner / step ? mel * step : corner * Math.exp(logStep * (mel - corner / step))),
  },
};

/** Edges of nMels overlapping triangles, evenly spaced in mel: nMels + 2 of them, in Hz. */
function edgesOf(nMels: number, { toMel, toHertz }: Scale, fMin: number, fMax: number): number[] {
  const [low, high] = [toMel(fMin), toMel(fMax)];
  return Array.from({ length: nMels + 2 }, (_, i) => toHertz(low + ((high - low) * i) / (nMels + 1)));
}

/**
 * Triangular filters that turn a power spectrum into mel bands: `power.matmul(filters)` for power [.., T, nFreqs]. Filter m rises from
 * edge m to m + 1 and falls to m + 2, with edges evenly spaced on the mel scale; as torchaudio's melscale_fbanks.
 * Shape: [nFreqs, nMels], frequencies from 0 to sampleRate/2. (Stevens et al., 1937; Slaney, 1998)
 * @throws ValueError unless 0 ≤ fMin < fMax, or on an unknown scale or norm
 */
export function melFilterBank(nFreqs: number, nMels: number, sampleRate: number, options: MelOptions = {}): Tensor {
  const { fMin = 0, fMax = sampleRate / 2, melScale = "htk", norm, ...rest } = options;
  checkOptions("melFilterBank", rest, ["dtype", "requiresGrad", "backend"]);
  checkWhole("melFilterBank", "nFreqs", nFreqs, 2);
  checkWhole("melFilterBank", "nMels", nMels, 1);
  if (!(fMin >= 0 && fMin < fMax)) throw new ValueError("melFilterBank", `fMin is ${fMin} and fMax ${fMax}`, "Give 0 ≤ fMin < fMax, in Hz", { fMin, fMax });
  if (!Object.hasOwn(scales, melScale)) throw new ValueError("melFilterBank", `melScale is "${melScale}"`, "Use htk or slaney", { melScale });
  const given: string | undefined = norm;
  if (given !== undefined && given !== "slaney") throw new ValueError("melFilterBank", `norm is "${given}"`, "Use slaney, or leave it out", { norm });
  const edges = edgesOf(nMels, scales[melScale], fMin, fMax);
  return build("melFilterBank", [nFreqs, nMels], rest, (data) => {
    for (let f = 0, at = 0; f < nFreqs; f++) {
      const hertz = ((sampleRate / 2) * f) / (nFreqs - 1);
      for (let m = 0; m < nMels; m++) {
        const [left, middle, right] = [edges[m], edges[m + 1], edges[m + 2]];
        const height = norm === undefined ? 1 : 2 / (right - left);
        data[at++] = height * Math.max(0, Math.min((hertz - left) / (middle - left), (right - hertz) / (right - middle)));
      }
    }
  });
}
