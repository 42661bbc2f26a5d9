import { backward } from "@dl/autograd";
import { gpujs } from "@dl/backend-gpujs";
import { testBackend } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";
import { conv2d, randn } from "@dl/tensor";
import { expect, test, vi } from "vitest";

bindSuite("the gpujs backend, cpu (SYS-03, SYS-04)", await testBackend(() => gpujs({ mode: "cpu" }).create()));
bindSuite("the gpujs backend, webasm (SYS-03, SYS-04)", await testBackend(() => gpujs({ mode: "webasm" }).create()));

test("trap 7 of gpu.js: gradients of a convolution are gathers: nothing is scattered, nothing read", async () => {
  const backend = await gpujs({ mode: "cpu" }).create();
  const scatterAdd = vi.spyOn(backend, "scatterAdd");
  const readSync = vi.spyOn(backend, "readSync");
  const [ofInput, ofWeight] = [vi.spyOn(backend, "convolveInput"), vi.spyOn(backend, "convolveWeight")];
  const [x, w] = [randn([2, 3, 6, 6], { backend, requiresGrad: true }), randn([4, 3, 3, 3], { backend, requiresGrad: true })];
  backward(conv2d(x, w, { padding: 1, stride: 2 }).square().sum());
  expect([x.grad?.shape, w.grad?.shape]).toEqual([x.shape, w.shape]);
  expect([ofInput.mock.calls.length, ofWeight.mock.calls.length]).toEqual([1, 1]);
  expect(scatterAdd).not.toHaveBeenCalled();
  expect(readSync).not.toHaveBeenCalled();
});
