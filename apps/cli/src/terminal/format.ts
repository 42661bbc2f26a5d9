/** `0.9812` → `98.12 %`. */
export const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

/** `75` → `1 min 15 s`; below a minute one decimal. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** Powers of 1,000, one decimal: `1_648_877` → `1.6 MB`. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${count} B` : `${value.toFixed(1)} ${UNITS[unit]}`;
}

/** `12345` → `12,345`. */
export const grouped = (count: number): string => count.toLocaleString("en-US", { maximumFractionDigits: 0 });
