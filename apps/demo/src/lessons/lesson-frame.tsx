import type { ComponentChildren } from "preact";
import { Panel } from "../panels/panel.js";
import { useLanguage } from "../shell/language.js";
import "./lesson.css";
import { RecipeSource } from "./recipe-source.js";

interface LessonProps {
  readonly title: string;
  /** What the lesson is about, in two sentences. */
  readonly lead: string;
  /** Files of the recipes that it shows at work, below packages/recipes/src. */
  readonly recipes: readonly string[];
  readonly children: ComponentChildren;
}

/** A lesson: what it is about, its parts, and the code that they run. */
export function Lesson({ title, lead, recipes, children }: LessonProps) {
  const { t } = useLanguage();
  return (
    <article class="lesson">
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      {children}
      <Panel wide title={t.lessons.code} about={t.lessons.codeAbout}>
        <div class="panels">{recipes.map((path) => <RecipeSource key={path} path={path} />)}</div>
      </Panel>
    </article>
  );
}

interface LessonPartProps {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** What to try, and what is to be seen then. */
  readonly tries: readonly string[];
  /** The panels beside the text. */
  readonly children: ComponentChildren;
}

/** Formulas and places such as (1, 1) stay on one line. */
const unbroken = (text: string): string => text.replace(/ ([=+−·<>]) /g, "\u00a0$1\u00a0").replace(/(\([^() ]+,) ([^() ]+\))/g, "$1\u00a0$2");

/** Words, and beside them the panels that they are about. */
export function LessonPart({ title, paragraphs, tries, children }: LessonPartProps) {
  const { t } = useLanguage();
  return (
    <div class="panels">
      <div class="prose">
        <h2>{title}</h2>
        {paragraphs.map((paragraph) => <p key={paragraph}>{unbroken(paragraph)}</p>)}
        <h3>{t.lessons.tries}</h3>
        <ul>{tries.map((item) => <li key={item}>{unbroken(item)}</li>)}</ul>
      </div>
      {children}
    </div>
  );
}
