import { useEffect, useRef, useState } from "preact/hooks";
import { GreyImage } from "../panels/grey-image.js";
import { Panel } from "../panels/panel.js";
import { useLanguage } from "../shell/language.js";
import { memo } from "../shell/memo.js";
import { percent } from "../shell/numbers.js";
import type { Trainer } from "./client.js";
import { toDigit } from "./handwriting.js";

/** Of the sheet, in its own pixels. */
const SHEET = 280;
const PEN = 20;
const INPUT = 28;

interface DrawingPanelProps {
  readonly trainer: Trainer | undefined;
  /** Whether there is a network to ask. */
  readonly ready: boolean;
  readonly classes: readonly string[];
  /** Changes when the network has learnt something. */
  readonly learnt: unknown;
}

function clearSheet(sheet: HTMLCanvasElement): void {
  const context = sheet.getContext("2d");
  if (context === null) return;
  context.fillStyle = "black";
  context.fillRect(0, 0, SHEET, SHEET);
}

function strokeTo(sheet: HTMLCanvasElement, from: readonly [number, number], to: readonly [number, number]): void {
  const context = sheet.getContext("2d");
  if (context === null) return;
  Object.assign(context, { strokeStyle: "white", lineWidth: PEN, lineCap: "round", lineJoin: "round" });
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

function inkOf(sheet: HTMLCanvasElement): Float32Array {
  const image = sheet.getContext("2d", { willReadFrequently: true })?.getImageData(0, 0, SHEET, SHEET).data ?? new Uint8ClampedArray();
  return Float32Array.from({ length: SHEET * SHEET }, (_, i) => image[4 * i] / 255);
}

/** A sheet to draw on; calls `onInk` after each stroke's piece. */
function Sheet({ label, sheet, onInk }: { readonly label: string; readonly sheet: { current: HTMLCanvasElement | null }; readonly onInk: () => void }) {
  const last = useRef<readonly [number, number] | undefined>(undefined);
  useEffect(() => { if (sheet.current !== null) clearSheet(sheet.current); }, []);
  const placeOf = (event: PointerEvent): readonly [number, number] => {
    const box = sheet.current?.getBoundingClientRect();
    return box === undefined ? [0, 0] : [((event.clientX - box.left) / box.width) * SHEET, ((event.clientY - box.top) / box.height) * SHEET];
  };
  const draw = (event: PointerEvent): void => {
    if (last.current === undefined || sheet.current === null) return;
    const place = placeOf(event);
    strokeTo(sheet.current, last.current, place);
    last.current = place;
    onInk();
  };
  return (
    <canvas
      ref={sheet} class="sheet" width={SHEET} height={SHEET} role="img" aria-label={label}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        last.current = placeOf(event);
        draw(event);
      }}
      onPointerMove={draw}
      onPointerUp={() => { last.current = undefined; }}
      onPointerCancel={() => { last.current = undefined; }}
    />
  );
}

/** Draw a digit, or take one of the test set, and see the probabilities move. */
export const DrawingPanel = memo(function DrawingPanel({ trainer, ready, classes, learnt }: DrawingPanelProps) {
  const { language, t } = useLanguage();
  const words = t.training.draw;
  const sheet = useRef<HTMLCanvasElement>(null);
  const [pixels, setPixels] = useState<Float32Array>(() => new Float32Array(INPUT * INPUT));
  const [probabilities, setProbabilities] = useState<readonly number[]>([]);
  const due = useRef(false);
  const hasInk = pixels.some((ink) => ink > 0);

  const look = (): void => {
    if (due.current) return;
    due.current = true;
    requestAnimationFrame(() => {
      due.current = false;
      if (sheet.current !== null) setPixels(toDigit({ pixels: inkOf(sheet.current), side: SHEET }, INPUT));
    });
  };
  const clear = (): void => {
    if (sheet.current !== null) clearSheet(sheet.current);
    setPixels(new Float32Array(INPUT * INPUT));
  };

  useEffect(() => {
    if (trainer === undefined || !ready || !hasInk) {
      setProbabilities([]);
      return;
    }
    let isCurrent = true;
    void trainer.predict(pixels).then((found) => { if (isCurrent) setProbabilities(found); });
    return () => { isCurrent = false; };
  }, [trainer, ready, pixels, learnt]);

  const best = probabilities.indexOf(Math.max(...probabilities));
  return (
    <Panel title={words.title} about={words.about}>
      <div class="drawing">
        <Sheet label={words.canvas} sheet={sheet} onInk={look} />
        <div>
          <p class="quiet">{words.sees}</p>
          <GreyImage pixels={pixels} width={INPUT} size={84} label={words.sees} />
          <div class="row">
            <button type="button" onClick={clear}>{words.clear}</button>
            <button type="button" disabled={!ready} onClick={() => { void trainer?.sample().then((sample) => { clear(); setPixels(sample.pixels); }); }}>{words.sample}</button>
          </div>
        </div>
      </div>
      <ul class="bars" aria-label={words.probability}>
        {classes.map((name, i) => {
          const share = probabilities[i] ?? 0;
          return (
            <li key={name} class={i === best ? "best" : undefined}>
              <span>{name}</span>
              <span class="bar" aria-hidden="true"><span style={{ width: `${100 * share}%` }} /></span>
              <span class="share">{probabilities.length === 0 ? "–" : percent(share, language)}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
});
