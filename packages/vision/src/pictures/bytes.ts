import { DTypeError, ValueError } from "@dl/registry";
import { isFloat, tensor, type Tensor } from "@dl/tensor";

// The one convention between bytes and floats: byte b is b/255, and a value v is the byte nearest to 255·v, the upper one of two, as decoders and
// `encodePng` of @dl/data have it. So bytes come back exactly.

/**
 * Floats in 0..1 as bytes: ⌊255·v + ½⌋; what lies outside becomes 0 or 255. Shapes: any → same, uint8.
 * @throws DTypeError unless they are floats; ValueError for NaN
 */
export function toBytes(image: Tensor): Tensor {
  const { dtype, shape, backend } = image;
  if (!isFloat(dtype)) throw new DTypeError("toBytes", `the image is ${dtype}`, "Give floats in 0..1", { dtype });
  const values = image.dataSync();
  const bytes = new Uint8Array(values.length);
  values.forEach((value: number, i: number) => {
    if (Number.isNaN(value)) throw new ValueError("toBytes", `value ${i} of the image is NaN`, "Give numbers in 0..1", { position: i });
    bytes[i] = Math.round(Math.min(1, Math.max(0, value)) * 255);
  });
  return tensor(bytes, { shape, dtype: "uint8", backend });
}

/** Bytes as floats in 0..1: b/255. Shapes: any → same, float32. @throws DTypeError unless they are uint8 */
export function fromBytes(bytes: Tensor): Tensor {
  const { dtype } = bytes;
  if (dtype !== "uint8") throw new DTypeError("fromBytes", `the tensor is ${dtype}`, 'Give bytes of 0..255: x.to("uint8")', { dtype });
  return bytes.to("float32").div(255);
}
