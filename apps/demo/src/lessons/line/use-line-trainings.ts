import { useEffect, useMemo, useState } from "preact/hooks";
import { LineTraining, type LineState, type LossName } from "./line-training.js";
import type { Points } from "./points.js";

/** Few enough that one sees the line move. */
const STEPS_PER_FRAME = 2;

export interface LineTrainings {
  readonly states: Readonly<Record<LossName, LineState>>;
  readonly isRunning: boolean;
  readonly isDone: boolean;
  readonly toggle: () => void;
  readonly step: () => void;
  /** Puts the chosen line back to where it began. */
  readonly reset: () => void;
}

const allOf = (points: Points): Record<LossName, LineTraining> => ({
  perceptron: new LineTraining(points, "perceptron"),
  hinge: new LineTraining(points, "hinge"),
  logistic: new LineTraining(points, "logistic"),
});

/** A training for each loss; the chosen one runs, a few steps for each frame of the screen. */
export function useLineTrainings(points: Points, chosen: LossName, lr: number): LineTrainings {
  const trainings = useMemo(() => allOf(points), [points]);
  const [, setShown] = useState({});
  const [isRunning, setRunning] = useState(false);
  const showAgain = (): void => { setShown({}); };
  useEffect(() => {
    if (!isRunning) return undefined;
    let frame = requestAnimationFrame(function advance() {
      trainings[chosen].advance(STEPS_PER_FRAME, lr);
      showAgain();
      if (trainings[chosen].isDone) setRunning(false);
      else frame = requestAnimationFrame(advance);
    });
    return () => { cancelAnimationFrame(frame); };
  }, [isRunning, trainings, chosen, lr]);
  return {
    states: { perceptron: trainings.perceptron.state, hinge: trainings.hinge.state, logistic: trainings.logistic.state },
    isRunning,
    isDone: trainings[chosen].isDone,
    toggle: () => { setRunning(!isRunning); },
    step: () => {
      setRunning(false);
      trainings[chosen].advance(1, lr);
      showAgain();
    },
    reset: () => {
      setRunning(false);
      trainings[chosen] = new LineTraining(points, chosen);
      showAgain();
    },
  };
}
