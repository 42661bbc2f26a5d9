/** As in MNIST: the ink is scaled to fit this square, and its centre of mass moved to the middle of the picture. */
const INK_SIDE = 20;

/** Grey values 0..1, row by row. */
export interface Picture {
  readonly pixels: Float32Array;
  readonly side: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const VISIBLE = 0.05;

/** The smallest box around the ink; undefined on an empty sheet. */
function inkBox({ pixels, side }: Picture): Box | undefined {
  let box: Box | undefined;
  pixels.forEach((ink, i) => {
    if (ink < VISIBLE) return;
    const [x, y] = [i % side, Math.floor(i / side)];
    const { left, top, right, bottom } = box ?? { left: x, top: y, right: x, bottom: y };
    box = { left: Math.min(left, x), top: Math.min(top, y), right: Math.max(right, x), bottom: Math.max(bottom, y) };
  });
  return box;
}

/** The mean over a rectangle whose edges may cut pixels. */
function meanOver({ pixels, side }: Picture, left: number, top: number, width: number): number {
  let [sum, area] = [0, 0];
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(side, top + width); y++) {
    const tall = Math.min(y + 1, top + width) - Math.max(y, top);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(side, left + width); x++) {
      const part = tall * (Math.min(x + 1, left + width) - Math.max(x, left));
      sum += part * pixels[y * side + x];
      area += part;
    }
  }
  return area === 0 ? 0 : sum / area;
}

/** What the network gets of a drawing: `side` × `side` pixels with the ink as large, and as much in the middle, as in MNIST. */
export function toDigit(drawing: Picture, side: number): Float32Array {
  const box = inkBox(drawing);
  const out = new Float32Array(side * side);
  if (box === undefined) return out;
  const scale = Math.max(box.right - box.left + 1, box.bottom - box.top + 1) / INK_SIDE;
  let [mass, massX, massY] = [0, 0, 0];
  for (let y = box.top; y <= box.bottom; y++) {
    for (let x = box.left; x <= box.right; x++) {
      const ink = drawing.pixels[y * drawing.side + x];
      mass += ink;
      massX += ink * (x + 0.5);
      massY += ink * (y + 0.5);
    }
  }
  const [left, top] = [massX / mass - (side / 2) * scale, massY / mass - (side / 2) * scale];
  for (let i = 0; i < out.length; i++) out[i] = meanOver(drawing, left + (i % side) * scale, top + Math.floor(i / side) * scale, scale);
  return out;
}
