const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character]);

type Attributes = Readonly<Record<string, string | number>>;

const rounded = (value: string | number): string => (typeof value === "number" ? String(Math.round(value * 100) / 100) : escapeXml(value));

/** One element; `content` is markup already. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${rounded(value)}"`).join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export const label = (text: string, x: number, y: number, attributes: Attributes = {}): string => element("text", { x, y, ...attributes }, escapeXml(text));

/** A label that reads upwards. */
export const upright = (text: string, x: number, y: number, attributes: Attributes = {}): string =>
  label(text, x, y, { transform: `rotate(-90 ${rounded(x)} ${rounded(y)})`, ...attributes });

/** A picture that stands alone: markup for a file or a page. */
export const picture = (width: number, height: number, title: string, parts: readonly string[]): string =>
  element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${rounded(width)} ${rounded(height)}`, width, height, "font-family": "sans-serif", "font-size": 12, role: "img" },
    [element("title", {}, escapeXml(title)), element("rect", { width, height, fill: "white" }), ...parts].join("\n"),
  );
