import { useEffect, useState } from "preact/hooks";
import { Notice } from "../../panels/notice.js";
import { useLanguage } from "../../shell/language.js";
import { Lesson, LessonPart } from "../lesson-frame.js";
import { LinePanel } from "./line-panel.js";
import { generatedPoints, irisPoints, type Points } from "./points.js";

/** Iris, or points computed here where it cannot be had. */
function usePoints(): Points | undefined {
  const [points, setPoints] = useState<Points>();
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    irisPoints(signal)
      .catch(() => generatedPoints())
      .then((found) => { if (!signal.aborted) setPoints(found); }, () => undefined);
    return () => { leaving.abort(); };
  }, []);
  return points;
}

/** Chapter 2: a line between two classes, found by three losses. */
export function LineLesson() {
  const { t } = useLanguage();
  const { title, lead, part, noIris } = t.lessons.line;
  const points = usePoints();
  return (
    <Lesson title={title} lead={lead} recipes={["linear-classifiers/line-learning.ts", "linear-classifiers/linear-classifier.ts"]}>
      {points?.kind === "generated" && <Notice>{noIris} <code>npx -y pnpm@10.34.9 dl data get iris</code></Notice>}
      <LessonPart title={part.title} paragraphs={part.paragraphs} tries={part.tries}>
        {points === undefined ? <p class="quiet" role="status">{t.shell.loading}</p> : <LinePanel points={points} />}
      </LessonPart>
    </Lesson>
  );
}
