/**
 * Canonical text of plain data: keys sorted, `undefined` left out, no spaces. Equal data has
 * equal text, whatever the order in which it was written.
 */
export function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return listText(value);

  // A sort without a comparator is by code units, which is what is wanted, and fastest.
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const one: unknown = (value as Readonly<Record<string, unknown>>)[key];
    if (one === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalText(one)}`;
  }
  return `{${text}}`;
}

function listText(values: readonly unknown[]): string {
  let text = '';
  for (const [index, value] of values.entries()) {
    text += (index === 0 ? '' : ',') + canonicalText(value);
  }
  return `[${text}]`;
}

/** By code units, the same on every machine: never by the rules of a language. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
