const encoder = /* @__PURE__ */ new TextEncoder();

const isPrintable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

function alphabet(): string[] {
  let others = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : others++));
}

/**
 * The character that stands for each byte in the tokens of a byte-level vocabulary: printable ones of Latin-1 for themselves, the others for the
 * characters from U+0100 on, so that a space is Ġ and a line's end Ċ. (Radford et al., 2019)
 */
export const byteCharacters: readonly string[] = /* @__PURE__ */ alphabet();

const bytesByCharacter: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(/* @__PURE__ */ byteCharacters.map((character, byte) => [character, byte]));

/** UTF-8. A lone surrogate, which UTF-8 has no bytes for, becomes U+FFFD. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** The bytes that a token stands for, `undefined` where a character of it stands for none. */
export function bytesOfToken(token: string): Uint8Array | undefined {
  const bytes = Array.from(token, (character) => bytesByCharacter.get(character) ?? -1);
  return bytes.includes(-1) ? undefined : Uint8Array.from(bytes);
}

/** Bytes as text; what is no UTF-8 becomes U+FFFD. A byte order mark is a character like others. */
export function textOfBytes(parts: readonly Uint8Array[]): string {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(all);
}
