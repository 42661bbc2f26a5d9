import { useLanguage } from "../../shell/language.js";
import { Lesson, LessonPart } from "../lesson-frame.js";
import { DescentPanel } from "./descent-panel.js";
import { GraphPanel } from "./graph-panel.js";

/** Chapter 1: how a gradient is found, and how it is followed. */
export function GradientLesson() {
  const { t } = useLanguage();
  const { title, lead, graph, descent } = t.lessons.gradient;
  return (
    <Lesson title={title} lead={lead} recipes={["optimization/backpropagation.ts", "optimization/valley.ts"]}>
      <LessonPart title={graph.title} paragraphs={graph.paragraphs} tries={graph.tries}>
        <GraphPanel />
      </LessonPart>
      <LessonPart title={descent.title} paragraphs={descent.paragraphs} tries={descent.tries}>
        <DescentPanel />
      </LessonPart>
    </Lesson>
  );
}
