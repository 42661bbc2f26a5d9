import { gelu, randn } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { secondsPerCall } from "./measure.js";
import type { Row } from "./measure.js";

const million = 1 << 20;

function matmulRow(n: number): Row {
  const [a, b] = [randn([n, n]), randn([n, n])];
  const seconds = secondsPerCall(() => { a.matmul(b); });
  return { name: `matmul ${n} × ${n}`, value: (2 * n ** 3) / seconds / 1e9, unit: "GFLOP/s", goal: n === 256 ? "goal ≥ 3" : "" };
}

/** Φ by the same rational approximation class a careful hand would use: here Abramowitz & Stegun (1964) 7.1.26. */
function handErf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const y = 1 - t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return x < 0 ? -y : y;
}

function handAdd(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
  return out;
}

function handGelu(a: Float32Array): Float32Array {
  const out = new Float32Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = 0.5 * a[i] * (1 + handErf(a[i] * Math.SQRT1_2));
  return out;
}

function ratioRow(name: string, ours: () => Tensor, hand: () => Float32Array): Row {
  const [a, b] = [secondsPerCall(ours), secondsPerCall(hand)];
  return { name: `${name}, 1 M floats: ${(a * 1e3).toFixed(2)} ms, by hand ${(b * 1e3).toFixed(2)} ms`, value: a / b, unit: "×", goal: "goal ≤ 3" };
}

export function kernelRows(): Row[] {
  const [a, b] = [randn([million]), randn([million])];
  const [ha, hb] = [Float32Array.from(a.dataSync()), Float32Array.from(b.dataSync())];
  return [
    ...[64, 128, 256, 512].map(matmulRow),
    ratioRow("add", () => a.add(b), () => handAdd(ha, hb)),
    ratioRow("gelu", () => gelu(a), () => handGelu(ha)),
    { name: "sum of 1 M floats", value: million / secondsPerCall(() => { a.sum(); }) / 1e9, unit: "G/s" },
  ];
}
