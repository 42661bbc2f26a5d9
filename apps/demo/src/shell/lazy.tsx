import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLanguage } from "./language.js";
import { Notice } from "../panels/notice.js";

/** A page that is loaded when it is first shown. */
export function Lazy({ load }: { readonly load: () => Promise<ComponentType> }) {
  const { t } = useLanguage();
  const [Page, setPage] = useState<ComponentType>();
  const [failed, setFailed] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    load().then(
      (page) => { if (isCurrent) setPage(() => page); },
      (error: unknown) => { if (isCurrent) setFailed(String(error)); },
    );
    return () => { isCurrent = false; };
  }, [load]);
  if (failed !== undefined) return <Notice kind="error">{t.shell.notLoaded} {failed}</Notice>;
  return Page === undefined ? <p class="quiet" role="status">{t.shell.loading}</p> : <Page />;
}
