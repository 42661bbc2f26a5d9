type Attributes = Readonly<Record<string, string | number | undefined>>;

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign]);

/** To a hundredth of a pixel: what nobody sees is not written. */
const written = (value: string | number): string => (typeof value === "number" ? `${Number(value.toFixed(2))}` : escaped(value));

/** An element with children that are elements already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const own = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${written(value)}"`])).join("");
  return children.length === 0 ? `<${name}${own}/>` : `<${name}${own}>${children.join("")}</${name}>`;
}

/** An element of plain text. */
export const text = (content: string, attributes: Attributes): string => element("text", attributes, escaped(content));

/** Straight from point to point. */
export const path = (points: readonly (readonly [number, number])[]): string => points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${written(x)} ${written(y)}`).join("");

/** A whole picture on white, with a title that screen readers say. */
export const picture = (width: number, height: number, title: string, ...children: readonly string[]): string =>
  element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "font-family": "system-ui, sans-serif", "font-size": 12, fill: ink },
    element("title", {}, escaped(title)),
    element("rect", { width, height, fill: "white" }),
    ...children,
  );

export const ink = "#222";
export const faint = "#ddd";

/** Colours that the colour-blind tell apart. (Okabe and Ito, 2008) */
export const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"] as const;
