import { Bug } from '../assert.ts';
import type { Fields, FieldValue } from '../transaction/transaction.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** Small pieces that several layouts share: optional values, lists, field maps. */

export function writeOptional(writer: ByteWriter, value: string | undefined): void {
  writer.byte(value === undefined ? 0 : 1);
  if (value !== undefined) writer.string(value);
}

export function readOptional(reader: ByteReader): string | undefined {
  return reader.byte() === 0 ? undefined : reader.string();
}

export function writeOptionalInteger(writer: ByteWriter, value: number | undefined): void {
  writer.byte(value === undefined ? 0 : 1);
  if (value !== undefined) writer.signed(value);
}

export function readOptionalInteger(reader: ByteReader): number | undefined {
  return reader.byte() === 0 ? undefined : reader.signed();
}

export function readList<T>(reader: ByteReader, read: (reader: ByteReader) => T): T[] {
  const length = reader.unsigned();
  if (length === 0) return [];
  // A list that begins with its first value has room for that one alone: most have no more.
  const list = [read(reader)];
  for (let i = 1; i < length; i++) list.push(read(reader));
  return list;
}

export function writeStrings(writer: ByteWriter, list: readonly string[]): void {
  writer.unsigned(list.length);
  // Lists of names are of several kinds to V8, and its iterators want one.
  for (let i = 0; i < list.length; i++) writer.string(list[i] ?? '');
}

const readText = (reader: ByteReader): string => reader.string();

export function readStrings(reader: ByteReader): string[] {
  return readList(reader, readText);
}

/** Fields in the order of their keys, so that equal maps have equal bytes. */
export function writeFields(writer: ByteWriter, fields: Fields): void {
  writer.unsigned(fields.size);
  if (fields.size === 0) return;
  for (const key of [...fields.keys()].sort()) {
    writer.string(key);
    writeFieldValue(writer, fields.get(key) ?? '');
  }
}

const NO_FIELDS: Fields = new Map();

export function readFields(reader: ByteReader): Fields {
  const size = reader.unsigned();
  if (size === 0) return NO_FIELDS;
  const fields = new Map<string, FieldValue>();
  for (let i = 0; i < size; i++) {
    const key = reader.string();
    fields.set(key, readFieldValue(reader));
  }
  return fields;
}

function writeFieldValue(writer: ByteWriter, value: FieldValue): void {
  if (typeof value === 'string') {
    writer.byte(0);
    writer.string(value);
  } else if (typeof value === 'number') {
    writer.byte(1);
    writer.float(value);
  } else {
    writer.byte(value ? 3 : 2);
  }
}

function readFieldValue(reader: ByteReader): FieldValue {
  const tag = reader.byte();
  if (tag === 0) return reader.string();
  if (tag === 1) return reader.float();
  if (tag === 2) return false;
  if (tag === 3) return true;
  throw new Bug('unknown field value tag', [tag]);
}
