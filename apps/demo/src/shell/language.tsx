import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { en, type Texts } from "../text/en.js";
import { zh } from "../text/zh.js";

export type Language = "en" | "zh";

const texts: Readonly<Record<Language, Texts>> = { en, zh };
const KEY = "dl-language";

/** What was chosen last, else what the browser prefers. */
function initialLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

interface Speech {
  readonly language: Language;
  readonly t: Texts;
  readonly choose: (language: Language) => void;
}

const Context = createContext<Speech>({ language: "en", t: en, choose: () => undefined });

/** The language of the page, and its texts. */
export const useLanguage = (): Speech => useContext(Context);

export function LanguageProvider({ children }: { readonly children: ComponentChildren }) {
  const [language, choose] = useState(initialLanguage);
  useEffect(() => {
    localStorage.setItem(KEY, language);
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  }, [language]);
  return <Context.Provider value={{ language, t: texts[language], choose }}>{children}</Context.Provider>;
}
