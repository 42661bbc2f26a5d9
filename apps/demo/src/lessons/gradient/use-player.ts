import { useEffect, useState } from "preact/hooks";

const MILLISECONDS_PER_STEP = 150;

interface Player {
  readonly step: number;
  readonly isPlaying: boolean;
  /** Goes to a step and stays there. */
  readonly goTo: (step: number) => void;
  /** Plays on, from the start when it is at the end; or stops. It never plays by itself, so nothing moves unasked. */
  readonly toggle: () => void;
}

/** Steps that advance with time, up to `last`. */
export function usePlayer(last: number, initial: number): Player {
  const [step, setStep] = useState(initial);
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return undefined;
    if (step >= last) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => { setStep(step + 1); }, MILLISECONDS_PER_STEP);
    return () => { clearTimeout(timer); };
  }, [isPlaying, step, last]);
  return {
    step,
    isPlaying,
    goTo: (place) => {
      setPlaying(false);
      setStep(place);
    },
    toggle: () => {
      if (!isPlaying && step >= last) setStep(0);
      setPlaying(!isPlaying);
    },
  };
}
