import { useEffect, useState } from "preact/hooks";
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
  const { phase, prepared, judgement } = progress;
  const classes = prepared?.classes ?? DIGITS;
  const busy = phase === "running" || phase === "preparing" || phase === "waiting";

  useEffect(() => {
    const first = recipes.find(({ name }) => name === FIRST.recipe) ?? recipes.at(0);
    if (first === undefined || trainer === undefined || settings !== undefined) return;
    const chosen = defaultsOf(first, FIRST);
    setSettings(chosen);
    void prepare(chosen, false);
  }, [recipes, trainer, settings, prepare]);

  const change = (next: Settings): void => { setSettings(next); };
  // What nobody has trained yet follows the settings; a trained network waits for "start anew".
  useEffect(() => {
    if (settings === undefined || phase === "running" || phase === "paused" || progress.curves.steps.length > 0 || prepared === undefined || same(settings, prepared.settings)) return;
    const timer = setTimeout(() => { void prepare(settings, false); }, SETTLED);
    return () => { clearTimeout(timer); };
  }, [settings]);

  if (refused) return <><h1>{t.training.title}</h1><Notice kind="error">{t.training.noWorkers}</Notice></>;
  const start = (): void => { if (settings !== undefined) void prepare(settings, true); };
  const resume = (): void => {
    if (settings !== undefined && phase === "ready" && prepared !== undefined && !same(settings, prepared.settings)) start();
    else void trainer?.start();
  };
  return (
    <>
      <h1>{t.training.title}</h1>
      <p class="quiet">{t.training.intro}</p>
      <div class="training">
        <div class="side">
          <Panel title={t.training.settings.title} about={prepared && t.training.data.samples(whole(prepared.samples.train, language), whole(prepared.samples.test, language))}>
            <Controls progress={progress} onStart={start} onResume={resume} onPause={() => { void trainer?.pause(); }} onStep={() => { void trainer?.step(); }} onStop={() => { void trainer?.stop(); }} />
            <Status progress={progress} />
            {settings !== undefined && <SettingsForm recipes={recipes} backends={backends} taken={prepared?.backend} settings={settings} disabled={busy} onChange={change} />}
          </Panel>
          <CheckpointPanel
            ready={trainer !== undefined && prepared !== undefined && phase !== "preparing"}
            onSave={() => trainer?.save() ?? Promise.reject(new Error(t.training.waiting))}
            onLoad={async (files) => { setSettings(await load(files, settings?.backend ?? FIRST.backend)); }}
          />
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
        </div>
      </div>
    </>
  );
}

const same = (a: Settings, b: Settings): boolean => JSON.stringify([a.recipe, a.data, a.backend, a.seed, Object.entries(a.options).sort()]) === JSON.stringify([b.recipe, b.data, b.backend, b.seed, Object.entries(b.options).sort()]);
