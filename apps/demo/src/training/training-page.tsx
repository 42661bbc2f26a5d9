import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Notice } from "../panels/notice.js";
import { Panel } from "../panels/panel.js";
import { useLanguage } from "../shell/language.js";
import { whole } from "../shell/numbers.js";
import type { Settings } from "../worker/protocol.js";
import { CheckpointPanel } from "./checkpoint-panel.js";
import { Controls, Status } from "./controls.js";
import { CurvesPanel } from "./curves-panel.js";
import { DrawingPanel } from "./drawing-panel.js";
import { ConfusionPanel, MistakesPanel } from "./judgement-panels.js";
import { ModelPanel } from "./model-panel.js";
import { RocPanel } from "./roc-panel.js";
import { defaultsOf, SettingsForm } from "./settings-form.js";
import { useTraining } from "./use-training.js";
import "./training.css";

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const FIRST = { recipe: "digits-mlp", backend: "wasm", seed: 0 };
/** Milliseconds after the last change of a setting. */
const SETTLED = 250;

/** Choose a recipe, watch it train, look at what it gets wrong, and try it. */
export function TrainingPage() {
  const { language, t } = useLanguage();
  const { progress, recipes, backends, refused, trainer, prepare, load } = useTraining();
  const [settings, setSettings] = useState<Settings>();
  /** What was chosen, at once: a click may come before the page is drawn again. */
  const chosen = useRef<Settings | undefined>(undefined);
  const settling = useRef(0);
  const { phase, prepared, judgement } = progress;
  const classes = prepared?.classes ?? DIGITS;
  const busy = phase === "running" || phase === "waiting";

  useEffect(() => {
    const first = recipes.find(({ name }) => name === FIRST.recipe) ?? recipes.at(0);
    if (first === undefined || trainer === undefined || settings !== undefined) return;
    choose(defaultsOf(first, FIRST));
    void setUp(false);
  }, [recipes, trainer, settings, prepare]);

  const choose = (next: Settings): void => {
    chosen.current = next;
    setSettings(next);
  };
  const setUp = async (start: boolean): Promise<void> => {
    clearTimeout(settling.current);
    if (chosen.current !== undefined) await prepare(chosen.current, start);
  };
  const untouched = useRef(true);
  untouched.current = progress.curves.steps.length === 0;
  const change = useCallback((next: Settings): void => {
    choose(next);
    clearTimeout(settling.current);
    // What nobody has trained yet follows the settings; a trained network waits for "start anew".
    if (untouched.current) settling.current = window.setTimeout(() => { void setUp(false); }, SETTLED);
  }, [prepare]);
  useEffect(() => () => { clearTimeout(settling.current); }, []);

  if (refused) return <><h1>{t.training.title}</h1><Notice kind="error">{t.training.noWorkers}</Notice></>;
  const start = (): void => { void setUp(true); };
  /** Whether settings were changed since the training was set up, which has not begun. */
  const outdated = (): boolean => chosen.current !== undefined && phase === "ready" && prepared !== undefined && !same(chosen.current, prepared.settings);
  const resume = (): void => {
    if (outdated()) start();
    else void trainer?.start();
  };
  const step = async (): Promise<void> => {
    if (outdated()) await setUp(false);
    await trainer?.step();
  };
  return (
    <>
      <h1>{t.training.title}</h1>
      <p class="quiet">{t.training.intro}</p>
      <div class="training">
        <div class="side">
          <Panel title={t.training.settings.title} about={prepared === undefined ? "\u00a0" : t.training.data.samples(whole(prepared.samples.train, language), whole(prepared.samples.test, language))}>
            <Controls progress={progress} onStart={start} onResume={resume} onPause={() => { void trainer?.pause(); }} onStep={() => { void step(); }} onStop={() => { void trainer?.stop(); }} />
            <Status progress={progress} />
          </Panel>
          <Panel title={t.training.settings.choices}>
            {settings !== undefined && <SettingsForm recipes={recipes} backends={backends} taken={prepared?.backend} settings={settings} disabled={busy} onChange={change} />}
          </Panel>
        </div>
        <div class="panels">
          <CurvesPanel progress={progress} />
          <div class="column">
            <ConfusionPanel judgement={judgement} classes={classes} />
            <RocPanel judgement={judgement} classes={classes} />
          </div>
          <div class="column">
            <DrawingPanel trainer={trainer} ready={prepared !== undefined} classes={classes} learnt={judgement ?? prepared} />
            <MistakesPanel judgement={judgement} classes={classes} />
          </div>
          <ModelPanel prepared={prepared} />
          <CheckpointPanel
            ready={trainer !== undefined && prepared !== undefined && phase !== "preparing"}
            onSave={() => trainer?.save() ?? Promise.reject(new Error(t.training.waiting))}
            onLoad={async (files) => {
              clearTimeout(settling.current);
              const loaded = await load(files, chosen.current?.backend ?? FIRST.backend);
              if (loaded !== undefined) choose(loaded);
            }}
          />
        </div>
      </div>
    </>
  );
}

const same = (a: Settings, b: Settings): boolean => JSON.stringify([a.recipe, a.data, a.backend, a.seed, Object.entries(a.options).sort()]) === JSON.stringify([b.recipe, b.data, b.backend, b.seed, Object.entries(b.options).sort()]);
