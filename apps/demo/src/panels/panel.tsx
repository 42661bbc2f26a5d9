import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface PanelProps {
  readonly title: string;
  /** A line below the title. */
  readonly about?: ComponentChildren;
  /** Over the whole width. */
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** A framed part of a page with a title. */
export function Panel({ title, about, wide = false, children }: PanelProps) {
  const id = useId();
  return (
    <section class={wide ? "panel wide" : "panel"} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {about !== undefined && <p class="about">{about}</p>}
      {children}
    </section>
  );
}
