import { useEffect, useState } from "preact/hooks";
import { Code } from "../panels/code.js";
import { Notice } from "../panels/notice.js";
import { useLanguage } from "../shell/language.js";

// As text, for readers: none of it is run.
const folder = "../../../../packages/recipes/src/";
const sources = import.meta.glob<string>(["../../../../packages/recipes/src/*/*.ts", "!../../../../packages/recipes/src/*/*.test.ts"], { query: "?raw", import: "default" });

/** The text of a recipe's file as it is in the repository, by its path below packages/recipes/src. */
export function RecipeSource({ path }: { readonly path: string }) {
  const { t } = useLanguage();
  const [source, setSource] = useState<string>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    sources[`${folder}${path}`]().then(
      (text) => { if (isCurrent) setSource(text); },
      () => { if (isCurrent) setFailed(true); },
    );
    return () => { isCurrent = false; };
  }, [path]);
  if (failed) return <Notice kind="error">{t.shell.notLoaded}</Notice>;
  return <Code name={`packages/recipes/src/${path}`} source={source ?? t.shell.loading} />;
}
