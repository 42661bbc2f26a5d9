import { useEffect, useRef } from "preact/hooks";

interface GreyImageProps {
  /** Rows of 0..1, white on black. */
  readonly pixels: ArrayLike<number>;
  readonly width: number;
  readonly label: string;
  /** Of a side, in pixels of the screen. */
  readonly size: number;
}

/** A small grey picture, its pixels as squares. */
export function GreyImage({ pixels, width, label, size }: GreyImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const height = pixels.length / width;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context === null || context === undefined) return;
    const image = context.createImageData(width, height);
    for (let i = 0; i < pixels.length; i++) {
      const grey = 255 * pixels[i];
      image.data.set([grey, grey, grey, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }, [pixels, width, height]);
  return <canvas ref={canvas} class="grey" width={width} height={height} style={{ width: `${size}px`, height: `${size}px` }} role="img" aria-label={label} />;
}
