// The kernels that TensorFlow.js' WebAssembly backend lacks for training convolutional networks.
import * as tf from "@tensorflow/tfjs";

/** A kernel's gradient from operations the backend has: for every place in the kernel one product over all windows. */
function conv2DBackpropFilter({ inputs: { x, dy }, attrs: { strides, pad, filterShape } }) {
  const [rows, columns, inputs, outputs] = filterShape;
  const { padInfo, outHeight, outWidth, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
  const { top, bottom, left, right } = padInfo;
  const padded = tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]);
  const gradient = tf.reshape(dy, [-1, outputs]);
  const at = (row, column) => {
    const end = [x.shape[0], row + (outHeight - 1) * strideHeight + 1, column + (outWidth - 1) * strideWidth + 1, inputs];
    const seen = tf.stridedSlice(padded, [0, row, column, 0], end, [1, strideHeight, strideWidth, 1]);
    return tf.matMul(tf.reshape(seen, [-1, inputs]), gradient, true, false);
  };
  const places = Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns));
  return tf.reshape(tf.stack(places), filterShape);
}

const hasKernel = (name, backend) => tf.getKernel(name, backend) !== undefined;

/** Kernels that only the JavaScript backend has: values move there and back. */
function borrow({ kernelName, kernelFunc }) {
  const lender = tf.engine().findBackend("cpu");
  const onLender = (from) => ({ shape, dtype, dataId }) => lender.makeTensorInfo(shape, dtype, from.readSync(dataId));
  const onBorrower = (to) => ({ shape, dtype, dataId }) => ({ shape, dtype, dataId: to.write(lender.readSync(dataId), shape, dtype) });
  tf.registerKernel({
    kernelName,
    backendName: "wasm",
    kernelFunc({ inputs, attrs, backend }) {
      const lend = onLender(backend);
      const lent = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, Array.isArray(input) ? input.map(lend) : lend(input)]));
      const outputs = kernelFunc({ inputs: lent, attrs, backend: lender });
      const given = Array.isArray(outputs) ? outputs.map(onBorrower(backend)) : onBorrower(backend)(outputs);
      for (const { dataId } of [...Object.values(lent).flat(), ...[outputs].flat()]) lender.disposeData(dataId, true);
      return given;
    },
  });
}

/** Gives the WebAssembly backend what it lacks: the slowest composed of its own operations, the rest from the JavaScript backend. */
export function addMissingKernels() {
  if (!hasKernel("Conv2DBackpropFilter", "wasm")) tf.registerKernel({ kernelName: "Conv2DBackpropFilter", backendName: "wasm", kernelFunc: (call) => tf.tidy(() => conv2DBackpropFilter(call)) });
  for (const kernel of tf.getKernelsForBackend("cpu")) if (!hasKernel(kernel.kernelName, "wasm")) borrow(kernel);
}
