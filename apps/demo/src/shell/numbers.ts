import type { Language } from "./language.js";

const locale = (language: Language): string => (language === "zh" ? "zh-Hans" : "en");

export const percent = (share: number, language: Language): string => new Intl.NumberFormat(locale(language), { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(share);

export const whole = (count: number, language: Language): string => new Intl.NumberFormat(locale(language), { maximumFractionDigits: 0 }).format(count);

/** Three digits that matter, and k, M… for large numbers. */
export const compact = (count: number, language: Language): string => new Intl.NumberFormat(locale(language), { notation: "compact", maximumSignificantDigits: 3 }).format(count);

/** `75` → `1 min 15 s`. */
export function duration(seconds: number, language: Language): string {
  const unit = (value: number, name: "second" | "minute"): string => new Intl.NumberFormat(locale(language), { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 0 }).format(value);
  const rest = Math.max(0, Math.round(seconds));
  return rest < 60 ? unit(rest, "second") : `${unit(Math.floor(rest / 60), "minute")} ${unit(rest % 60, "second")}`;
}
