/**
 * @file GPT-2's reversible alphabet: each of the 256 bytes is one printable character, so that BPE over bytes can be
 * written as BPE over text.
 * @see https://github.com/openai/gpt-2/blob/master/src/encoder.py (`bytes_to_unicode`)
 */

/** `BYTE_CHARACTERS[byte]` is the character that stands for it. */
export const BYTE_CHARACTERS: readonly string[] = buildAlphabet();

/** UTF-8 bytes of `text`, each replaced by its character. */
export function toByteCharacters(text: string): string {
  let result = '';
  for (const byte of utf8Bytes(text)) result += BYTE_CHARACTERS[byte];
  return result;
}

/** UTF-8 encoding; a lone surrogate becomes U+FFFD, as everywhere in the platform. */
export function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) {
    const raw = char.codePointAt(0) as number;
    const code = raw >= 0xd800 && raw <= 0xdfff ? 0xfffd : raw;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}

function buildAlphabet(): string[] {
  const isPrintable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}
