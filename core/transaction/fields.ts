import { type Diagnosis, diagnoseText, tooMany, wrongType } from './diagnose.ts';
import {
  MAX_FIELD_NAME_LENGTH,
  MAX_FIELD_TEXT_LENGTH,
  MAX_FIELDS,
  MAX_PATH_NAME_LENGTH,
} from './limits.ts';
import { isRaw, type Raw, type Reader } from './reader.ts';
import { isPrintable, pointerSegment } from './text.ts';
import type { Fields, FieldValue } from './transaction.ts';

export const NO_FIELDS: Fields = new Map();

/**
 * Names that mean something to JavaScript objects; `__proto_` is how the msgpack parser spells
 * `__proto__`. A few comparisons beat a set here.
 */
function isForbidden(name: string): boolean {
  return (
    name === '__proto__' || name === '__proto_' || name === 'constructor' || name === 'prototype'
  );
}

/** The free attributes of a checkout, line or member: names → text, number or true/false. */
export function readFields(reader: Reader, value: unknown): Fields {
  if (value === undefined || value === null) return NO_FIELDS;
  if (!isRaw(value)) {
    reader.fail(wrongType('an object'), 'fields');
    return NO_FIELDS;
  }
  const fields = new Map<string, FieldValue>();
  for (const name in value) {
    if (fields.size >= MAX_FIELDS) reader.fail(tooMany(MAX_FIELDS), 'fields');
    if (reader.problem !== undefined) return NO_FIELDS;
    readField(reader, fields, { name, value: value[name] });
  }
  return fields.size === 0 ? NO_FIELDS : fields;
}

/**
 * Refuses fields that the kind does not have. A spelling mistake that is silently ignored would
 * cost somebody points.
 */
export function refuseUnknown(reader: Reader, source: Raw, known: KnownFields): void {
  const { inOrder } = known;
  let next = 0;
  for (const name in source) {
    // Most senders write fields in our order: then nothing has to be looked up.
    while (next < inOrder.length && inOrder[next] !== name) next += 1;
    next += 1;
    if (next <= inOrder.length || known.names.has(name)) continue;
    if (!Object.hasOwn(source, name)) continue;
    const path = known.at + pointerSegment(name, MAX_PATH_NAME_LENGTH);
    if (isForbidden(name)) reader.fail(FORBIDDEN_NAME, path);
    else reader.fail({ reason: 'unknown-field', says: hint(known) }, path);
    return;
  }
}

/** The fields an object may have, and where it stands: '' or the path of a nested object. */
export interface KnownFields {
  readonly at: string;
  readonly names: ReadonlySet<string>;
  /** The same, as they are usually written. */
  readonly inOrder: readonly string[];
}

export function knownFields(at: string, names: readonly string[]): KnownFields {
  return { at, names: new Set(names), inOrder: names };
}

function hint(known: KnownFields): string {
  return `is not known here; known are ${[...known.names].join(', ')}.`;
}

const FORBIDDEN_NAME = {
  reason: 'forbidden-name',
  says: 'is a name that is never accepted.',
} as const;

interface Field {
  readonly name: string;
  readonly value: unknown;
}

function readField(reader: Reader, into: Map<string, FieldValue>, field: Field): void {
  const { name, value } = field;
  const problem = diagnoseFieldName(name);
  if (problem !== undefined) reader.fail(problem, pathOf(name));
  else if (isFieldValue(value)) into.set(name, typeof value === 'number' ? value + 0 : value);
  else reader.fail(diagnoseFieldValue(value), pathOf(name));
}

function isFieldValue(value: unknown): value is FieldValue {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value === 'boolean') return true;
  return typeof value === 'string' && value.length <= MAX_FIELD_TEXT_LENGTH && value.isWellFormed();
}

function diagnoseFieldName(name: string): Diagnosis | undefined {
  if (name === '') return { reason: 'empty-text', says: 'is a field without a name.' };
  if (isForbidden(name)) return FORBIDDEN_NAME;
  if (name.length <= MAX_FIELD_NAME_LENGTH && isPrintable(name)) return undefined;
  return diagnoseText(name, MAX_FIELD_NAME_LENGTH);
}

function diagnoseFieldValue(value: unknown): Diagnosis {
  if (typeof value === 'string') return diagnoseText(value, MAX_FIELD_TEXT_LENGTH);
  if (Number.isNaN(value)) return { reason: 'not-a-number', says: 'is not a finite number.' };
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    return wrongType('a text, a number or true/false');
  }
  const reason = value < 0 ? 'number-too-small' : 'number-too-large';
  return { reason, says: 'is beyond the safe numbers, −2^53 to 2^53.' };
}

const pathOf = (name: string) => `fields/${pointerSegment(name, MAX_PATH_NAME_LENGTH)}`;
