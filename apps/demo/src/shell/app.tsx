import { useState } from "preact/hooks";
import { lessons } from "../lessons/index.js";
import { TrainingPage } from "../training/training-page.js";
import { Boundary } from "./boundary.js";
import { LanguageProvider, useLanguage, type Language } from "./language.js";
import { Lazy } from "./lazy.js";
import { useRoute } from "./route.js";

const languages: readonly (readonly [Language, string])[] = [["en", "English"], ["zh", "中文"]];

function LanguageSwitch() {
  const { language, t, choose } = useLanguage();
  return (
    <div class="languages" role="group" aria-label={t.shell.language}>
      {languages.map(([own, name]) => (
        <button key={own} type="button" class="plain" lang={own === "zh" ? "zh-Hans" : "en"} aria-pressed={own === language} onClick={() => { choose(own); }}>
          {name}
        </button>
      ))}
    </div>
  );
}

/** Where one can go: the training page, and a lesson of each chapter. */
function Navigation({ route }: { readonly route: string }) {
  const { t } = useLanguage();
  const links = [["", t.shell.train], ...lessons.map(({ name, numeral, title }) => [`lessons/${name}`, `${numeral} ${title(t)}`] as const)] as const;
  return (
    <nav aria-label={t.shell.pages}>
      <ul>
        {links.map(([to, text]) => (
          <li key={to}><a href={`#/${to}`} aria-current={to === route ? "page" : undefined}>{text}</a></li>
        ))}
      </ul>
    </nav>
  );
}

function Page() {
  const { t } = useLanguage();
  const route = useRoute();
  const lesson = lessons.find(({ name }) => route === `lessons/${name}`);
  // Once it was seen it stays: a training goes on while somebody reads a lesson.
  const [visited, setVisited] = useState(lesson === undefined);
  if (lesson === undefined && !visited) setVisited(true);
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.querySelector("main")?.focus(); }}>{t.shell.skip}</a>
      <header>
        <a class="brand" href="#/">DL</a>
        <Navigation route={route} />
        <LanguageSwitch />
      </header>
      <main id="content" tabIndex={-1}>
        {visited && <div hidden={lesson !== undefined}><Boundary sorry={t.shell.sorry}><TrainingPage /></Boundary></div>}
        {lesson !== undefined && <Boundary key={route} sorry={t.shell.sorry}><Lazy load={lesson.load} /></Boundary>}
      </main>
    </>
  );
}

/** The whole page. */
export const App = () => (
  <LanguageProvider>
    <Page />
  </LanguageProvider>
);
