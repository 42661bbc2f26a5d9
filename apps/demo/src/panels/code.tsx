import { useEffect, useState } from "preact/hooks";

/** Source text as it is in the repository, coloured when the colouring is here. */
export function Code({ name, source }: { readonly name: string; readonly source: string }) {
  const [html, setHtml] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    void import("sugar-high").then(({ highlight }) => { if (isCurrent) setHtml(highlight(source)); });
    return () => { isCurrent = false; };
  }, [source]);
  return (
    <figure class="code">
      <figcaption>{name}</figcaption>
      <pre tabIndex={0} aria-label={name}>{html === undefined ? <code>{source}</code> : <code dangerouslySetInnerHTML={{ __html: html }} />}</pre>
    </figure>
  );
}
