import type { ComponentType } from "preact";
import type { Texts } from "../text/en.js";

export interface LessonEntry {
  /** In the address. */
  readonly name: string;
  /** Of its chapter in the course. */
  readonly numeral: string;
  readonly title: (texts: Texts) => string;
  readonly load: () => Promise<ComponentType>;
}

/** The lessons in the order of the course. */
export const lessons: readonly LessonEntry[] = [
  { name: "gradient", numeral: "一", title: (t) => t.lessons.gradient.title, load: () => import("./gradient/lesson.js").then(({ GradientLesson }) => GradientLesson) },
  { name: "line", numeral: "二", title: (t) => t.lessons.line.title, load: () => import("./line/lesson.js").then(({ LineLesson }) => LineLesson) },
];
