import { contiguousView } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Device } from "../device/device.js";
import { gpujs } from "../gpujs.js";
import { loadLibrary } from "../library.js";
import { trialLimits } from "../modes.js";
import { trapsOnDevice } from "./on-device.js";

describe("traps of gpu.js on WebGL 2", () => {
  trapsOnDevice("webgl2");

  test("3: textures of what is given back are deleted on the device", async () => {
    const library = await loadLibrary();
    const gpu = new library.GPU({ mode: "webgl2" });
    const device = new Device(gpu, await trialLimits("webgl2", gpu, library));
    const use = (): void => {
      const x = device.upload(Float32Array.of(1, 2, 3));
      const y = device.run("function(x) { return x[this.thread.x] + 1; }", 3, [x], []);
      device.release(x);
      device.release(y);
    };
    use();
    const context = gpu.context as WebGL2RenderingContext;
    let textures = 0;
    const create = context.createTexture.bind(context);
    const remove = context.deleteTexture.bind(context);
    context.createTexture = () => { textures++; return create(); };
    context.deleteTexture = (texture) => { textures--; remove(texture); };
    for (let i = 0; i < 100; i++) use();
    expect(textures).toBe(0);
    expect([device.bytes, device.cells]).toEqual([0, 0]);
  });

  test("a lost context is an error, not zeros, and a new backend works", async () => {
    const library = await loadLibrary();
    const opened: GPU[] = [];
    class GPU extends library.GPU {
      constructor(settings: { readonly mode: string }) {
        super(settings);
        opened.push(this);
      }
    }
    const backend = await gpujs({ mode: "webgl2" }, () => Promise.resolve({ ...library, GPU })).create();
    const x = contiguousView(backend.write("float32", Float32Array.of(1, 2, 3)), "float32", [3]);
    expect([...(await backend.read(x))]).toEqual([1, 2, 3]);
    (opened[0].context as WebGL2RenderingContext).getExtension("WEBGL_lose_context")?.loseContext();
    const lost = 'the device of mode "webgl2" was lost, and with it all tensors on it. Load the last checkpoint on a new backend';
    await expect(backend.read(x)).rejects.toThrow(lost);
    expect(() => backend.readSync?.(x)).toThrow(lost);
    expect(() => backend.write("float32", Float32Array.of(1, 2, 3, 4))).toThrow(lost);
    const fresh = await gpujs({ mode: "webgl2" }).create();
    expect([...(await fresh.read(contiguousView(fresh.write("float32", Float32Array.of(5, 6)), "float32", [2])))]).toEqual([5, 6]);
  });

  test("a page whose policy forbids unsafe-eval refuses cpu with the reason, and runs WebGL 2", async () => {
    const frame = document.createElement("iframe");
    const said = new Promise<unknown>((resolve) => { window.addEventListener("message", ({ data }: MessageEvent<unknown>) => { resolve(data); }, { once: true }); });
    // A page of its own, as a policy is for good.
    frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'unsafe-inline'"><script type="module">
      // The test server's own globals, which it expects around each import.
      for (const key of Object.getOwnPropertyNames(parent)) if (key.startsWith("__vi")) window[key] ??= parent[key];
      window.onerror = (message) => parent.postMessage(message, "*");
      window.onunhandledrejection = ({ reason }) => parent.postMessage(String(reason), "*");
      const { gpujs } = await import(${JSON.stringify(new URL("../index.ts", import.meta.url).href)});
      const refused = await gpujs({ mode: "cpu" }).create().catch((error) => error.message);
      const { info } = await gpujs({ mode: "webgl2" }).create();
      parent.postMessage([refused, info.mode], "*");
    </script>`;
    document.body.append(frame);
    expect(await said).toEqual([expect.stringContaining("cpu was not taken: the page's content security policy forbids functions made from text, which this mode needs ('unsafe-eval'). WebGL works without"), "webgl2"]);
    frame.remove();
  });

  test("WebGL 1 computes, too", async () => {
    const backend = await gpujs({ mode: "webgl" }).create();
    const x = contiguousView(backend.write("float32", Float32Array.of(1, 2, 3)), "float32", [3]);
    expect([backend.info.mode, ...(await backend.read(x))]).toEqual(["webgl", 1, 2, 3]);
  });

  test("auto says why better modes were not taken", async () => {
    const library = await loadLibrary();
    class GPU extends library.GPU {
      static override isWebGPUAvailable(): Promise<boolean> { return Promise.resolve(false); }
    }
    const { info } = await gpujs({}, () => Promise.resolve({ ...library, GPU })).create();
    expect(info.mode).toBe("webgl2");
    expect(info.notes).toEqual(["webgpu was not taken: WebGPU has no adapter here."]);
  });
});
