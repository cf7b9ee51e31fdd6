/** True when the text has no control characters, no line breaks and no broken surrogates. */
export function isPrintable(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e) return unit > 0x7e && isPrintableUnicode(text);
  }
  return true;
}

// Controls, line and paragraph separators, the byte order mark and non-characters.
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/u;

function isPrintableUnicode(text: string): boolean {
  return text.isWellFormed() && !UNPRINTABLE.test(text);
}

/** A name of the sender as one segment of a JSON pointer, bounded and printable. */
export function pointerSegment(name: string, limit: number): string {
  const safe = name
    .slice(0, limit)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '\ufffd');
  return safe.replaceAll('~', '~0').replaceAll('/', '~1');
}
