import { type MinorUnits, minorUnits } from '../money/units.ts';
import { knownFields, readFields, refuseUnknown } from './fields.ts';
import { MAX_CATEGORIES, MAX_FLAGS, MAX_LINES } from './limits.ts';
import { grossOf } from './quantity.ts';
import { isRaw, type Raw, type Reader } from './reader.ts';
import type { OrderLine, ReturnedLine } from './transaction.ts';

const LINE_FIELDS = knownFields('', [
  'id',
  'sku',
  'category',
  'brand',
  'partner',
  'quantity',
  'price',
  'flags',
  'fields',
]);
const RETURNED_LINE_FIELDS = knownFields('', ['id', 'quantity']);

const NOT_AN_OBJECT = { reason: 'not-an-object', says: 'has to be an object.' } as const;
const NO_LINES = { reason: 'no-lines', says: 'needs at least one line.' } as const;
const DUPLICATE = { reason: 'duplicate-line', says: 'is the id of an earlier line too.' } as const;
const LARGE_LINE = { reason: 'total-too-large', says: 'has a gross beyond 2^53.' } as const;

/** Up to this many lines, comparing each with each is faster than filling a set. */
const FEW_LINES = 8;

/** The lines of a checkout or quote. A line without an id gets its position, from 1. */
export function readOrderLines(reader: Reader, value: unknown): readonly OrderLine[] {
  const sent = lineList(reader, value);
  const lines = new Array<OrderLine>(sent.length);
  for (let at = 0; at < sent.length; at += 1) {
    reader.enter('lines', at);
    lines[at] = readOrderLine(reader, sent[at], at + 1);
    if (reader.problem === undefined) continue;
    lines.length = at + 1;
    break;
  }
  refuseDuplicates(reader, lines);
  reader.leave();
  return lines;
}

/** The lines that come back; absent means all that is left of the checkout. */
export function readReturnedLines(
  reader: Reader,
  value: unknown,
): readonly ReturnedLine[] | undefined {
  if (value === undefined || value === null) return undefined;
  const lines: ReturnedLine[] = [];
  for (const line of lineList(reader, value)) {
    reader.enter('lines', lines.length);
    lines.push(readReturnedLine(reader, line));
    if (reader.problem !== undefined) break;
  }
  refuseDuplicates(reader, lines);
  reader.leave();
  return lines;
}

/** Gross of all lines and the delivery, refused beyond 2^53. */
export function checkTotal(
  reader: Reader,
  lines: readonly OrderLine[],
  delivery: MinorUnits,
): void {
  let total: number = delivery;
  for (const line of lines) total += line.gross;
  if (total <= Number.MAX_SAFE_INTEGER) return;
  reader.fail({ reason: 'total-too-large', says: 'have a total beyond 2^53.' }, 'lines');
}

function lineList(reader: Reader, value: unknown): readonly unknown[] {
  const lines = reader.list(value ?? [], 'lines', MAX_LINES);
  if (lines.length === 0) reader.fail(NO_LINES, 'lines');
  return lines;
}

function readOrderLine(reader: Reader, source: unknown, position: number): OrderLine {
  const raw = isRaw(source) ? source : NOTHING;
  if (raw === NOTHING) reader.fail(NOT_AN_OBJECT, '');
  refuseUnknown(reader, raw, LINE_FIELDS);
  const quantity = reader.quantity(raw.quantity, 'quantity');
  const price = reader.price(raw.price, 'price');
  const gross = grossOf(price, quantity);
  if (gross === undefined) reader.fail(LARGE_LINE, '');
  return {
    id: reader.optionalName(raw.id, 'id') ?? String(position),
    sku: reader.name(raw.sku, 'sku'),
    category: reader.names(raw.category, 'category', MAX_CATEGORIES),
    brand: reader.optionalName(raw.brand, 'brand'),
    partner: reader.optionalName(raw.partner, 'partner'),
    quantity,
    price,
    gross: gross ?? minorUnits(0),
    flags: reader.names(raw.flags, 'flags', MAX_FLAGS),
    fields: readFields(reader, raw.fields),
  };
}

function readReturnedLine(reader: Reader, source: unknown): ReturnedLine {
  const raw = isRaw(source) ? source : NOTHING;
  if (raw === NOTHING) reader.fail(NOT_AN_OBJECT, '');
  refuseUnknown(reader, raw, RETURNED_LINE_FIELDS);
  return {
    id: reader.name(raw.id, 'id'),
    quantity: reader.quantity(raw.quantity, 'quantity'),
  };
}

const NOTHING: Raw = Object.freeze({});

interface Identified {
  readonly id: string;
}

function refuseDuplicates(reader: Reader, lines: readonly Identified[]): void {
  const index = lines.length <= FEW_LINES ? repeatedOfFew(lines) : repeatedOfMany(lines);
  if (index < 0) return;
  reader.enter('lines', index);
  reader.fail(DUPLICATE, 'id');
}

function repeatedOfFew(lines: readonly Identified[]): number {
  return lines.findIndex((line, index) => {
    for (let before = 0; before < index; before += 1) {
      if (lines[before]?.id === line.id) return true;
    }
    return false;
  });
}

function repeatedOfMany(lines: readonly Identified[]): number {
  const seen = new Set<string>();
  return lines.findIndex((line) => seen.size === seen.add(line.id).size);
}
