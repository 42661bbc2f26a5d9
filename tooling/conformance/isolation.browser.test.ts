import { expect, test } from "vitest";

test("pages of this project may share memory between threads", async () => {
  expect(crossOriginIsolated).toBe(true);
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const source = new Blob(["onmessage = ({ data }) => { Atomics.store(data, 0, 7); postMessage(null); };"], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  const worker = new Worker(url);
  await new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = reject;
    worker.postMessage(shared);
  });
  expect(Atomics.load(shared, 0)).toBe(7);
  worker.terminate();
  URL.revokeObjectURL(url);
});
