import { diagnoseText, wrongType } from './diagnose.ts';
import { MAX_JSON_DEPTH, MAX_JSON_LENGTH } from './limits.ts';
import { isRaw, type Reader } from './reader.ts';

/** JSON that is kept as text: sent as a text, or as an object of plain values. */
export function readJson(reader: Reader, value: unknown, key: string): string {
  if (typeof value !== 'string' && !isPlain(value, MAX_JSON_DEPTH)) {
    const limits = `plain JSON of at most ${MAX_JSON_DEPTH} levels`;
    reader.fail(wrongType(limits), key);
    return '';
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= MAX_JSON_LENGTH && text.isWellFormed()) return text;
  reader.fail(diagnoseText(text, MAX_JSON_LENGTH), key);
  return '';
}

/** True for what JSON can write; msgpack can bring bigints, dates and maps as well. */
function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((entry) => isPlain(entry, depth - 1));
  if (!isRaw(value) || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every((entry) => isPlain(entry, depth - 1));
}
