import { Notice } from "../panels/notice.js";
import { useLanguage } from "../shell/language.js";
import { duration, whole } from "../shell/numbers.js";
import type { Progress } from "./progress.js";

interface ControlsProps {
  readonly progress: Progress;
  readonly onStart: () => void;
  readonly onResume: () => void;
  readonly onPause: () => void;
  readonly onStep: () => void;
  readonly onStop: () => void;
}

/** Start, pause, step, stop: those that mean something now. */
export function Controls({ progress: { phase }, onStart, onResume, onPause, onStep, onStop }: ControlsProps) {
  const { t } = useLanguage();
  const words = t.training.controls;
  const running = phase === "running";
  const held = phase === "paused";
  const fresh = phase === "ready" || phase === "preparing" || phase === "waiting";
  return (
    <div class="row controls">
      {running && <button type="button" class="primary" onClick={onPause}>{words.pause}</button>}
      {held && <button type="button" class="primary" onClick={onResume}>{words.resume}</button>}
      {!running && !held && <button type="button" class="primary" disabled={phase === "waiting"} onClick={phase === "ready" ? onResume : onStart}>{fresh ? words.start : words.again}</button>}
      <button type="button" disabled={running || !(held || phase === "ready")} onClick={onStep}>{words.step}</button>
      <button type="button" disabled={!running && !held} onClick={onStop}>{words.stop}</button>
      {held && <button type="button" onClick={onStart}>{words.again}</button>}
    </div>
  );
}

/** Where the training stands, in words and as a bar. */
export function Status({ progress: { phase, message, prepared, curves, pace } }: { readonly progress: Progress }) {
  const { language, t } = useLanguage();
  const { phases, progress: words, waiting } = t.training;
  if (phase === "diverged" || phase === "failed") return <Notice kind="error">{phases[phase]} {message}</Notice>;
  const steps = prepared === undefined ? 0 : prepared.epochs * prepared.stepsPerEpoch;
  const step = curves.steps.at(-1) ?? prepared?.done.steps ?? 0;
  const facts = [
    ...(prepared === undefined ? [] : [words.epoch(Math.min(pace?.epoch ?? prepared.done.epochs + 1, prepared.epochs), prepared.epochs), words.steps(step, steps)]),
    ...(pace === undefined ? [] : [words.rate(whole(pace.rate, language)), words.stepsPerSecond(whole(pace.stepsPerSecond, language))]),
    ...(pace === undefined || phase !== "running" ? [] : [words.eta(duration(pace.eta, language))]),
  ];
  return (
    <div class="status">
      <p role="status" class="phase">{phase === "waiting" ? waiting : phases[phase]} {message}</p>
      <progress value={step} max={Math.max(steps, 1)} aria-label={words.steps(step, steps)} />
      <p class="quiet facts">{facts.join(" · ")}</p>
    </div>
  );
}
