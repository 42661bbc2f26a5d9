import { useCallback, useEffect, useReducer, useRef, useState } from "preact/hooks";
import type { BackendFacts, RecipeFacts, Settings, Update } from "../worker/protocol.js";
import { NoWorkerError, startTrainer, type Trainer } from "./client.js";
import { advance, nothing, type Progress } from "./progress.js";

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export interface TrainingHandle {
  readonly progress: Progress;
  readonly recipes: readonly RecipeFacts[];
  readonly backends: readonly BackendFacts[];
  /** Whether workers are refused here. */
  readonly refused: boolean;
  readonly trainer: Trainer | undefined;
  /** Sets up a training, and starts it if asked for. */
  readonly prepare: (settings: Settings, start: boolean) => Promise<void>;
  readonly load: (files: ReadonlyMap<string, Uint8Array>, backend: string) => Promise<Settings | undefined>;
}

/** The worker, what it offers, and how far it is. */
export function useTraining(): TrainingHandle {
  const [progress, tell] = useReducer(advance, nothing);
  const [recipes, setRecipes] = useState<readonly RecipeFacts[]>([]);
  const [backends, setBackends] = useState<readonly BackendFacts[]>([]);
  const [refused, setRefused] = useState(false);
  const [trainer, setTrainer] = useState<Trainer>();
  const latest = useRef(0);

  useEffect(() => {
    let running: Trainer | undefined;
    const fail = (error: unknown): void => {
      if (error instanceof NoWorkerError) setRefused(true);
      else tell({ type: "problem", message: messageOf(error) });
    };
    const ask = async (started: Trainer): Promise<void> => {
      setRecipes(await started.recipes());
      setBackends(await started.backends());
    };
    const hear = (update: Update): void => {
      if (update.type !== "offer") tell(update);
      else if (running !== undefined) ask(running).catch(fail);
    };
    startTrainer(hear)
      .then(async (started) => {
        running = started;
        setRecipes(await started.recipes());
        setTrainer(() => started);
        await ask(started);
      })
      .catch(fail);
  }, []);

  const prepare = useCallback(async (settings: Settings, start: boolean) => {
    if (trainer === undefined) return;
    const turn = ++latest.current;
    tell({ type: "preparing" });
    try {
      const prepared = await trainer.prepare(settings);
      if (turn !== latest.current) return;
      tell({ type: "prepared", prepared });
      if (start) await trainer.start();
    } catch (error) {
      if (turn === latest.current) tell({ type: "problem", message: messageOf(error) });
    }
  }, [trainer]);

  const load = useCallback(async (files: ReadonlyMap<string, Uint8Array>, backend: string) => {
    if (trainer === undefined) return undefined;
    latest.current++;
    const prepared = await trainer.load(files, backend);
    tell({ type: "prepared", prepared });
    if (prepared.done.epochs > 0) tell({ type: "judgement", step: prepared.done.steps, judgement: await trainer.judge() });
    return prepared.settings;
  }, [trainer]);

  return { progress, recipes, backends, refused, trainer, prepare, load };
}
