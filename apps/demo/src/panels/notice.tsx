import type { ComponentChildren } from "preact";

/** Something to know, or an error with what to do. Screen readers say it at once. */
export const Notice = ({ kind = "note", children }: { readonly kind?: "note" | "error"; readonly children: ComponentChildren }) => (
  <p class={`notice ${kind}`} role={kind === "error" ? "alert" : "status"}>{children}</p>
);
