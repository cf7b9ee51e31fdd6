import type { Amounts, Limits } from '../ledger/lease/amounts.ts';
import { LEASE_ACTS, type LeaseLetter } from '../ledger/lease/letter.ts';
import { formatInstant } from '../time/instant.ts';
import { diagnoseInteger, isAbsent, wrongType } from './diagnose.ts';
import { knownFields, refuseUnknown } from './fields.ts';
import { MAX_BUDGET_LENGTH, MAX_PARTITIONS, MAX_VERSION } from './limits.ts';
import type { Raw, Reader } from './reader.ts';

const LEASE_FIELDS = knownFields('', [
  ...['id', 'kind', 'act', 'from', 'to', 'budget', 'limits', 'version', 'until'],
  ...['amounts', 'ahead', 'held', 'used', 'exhausted', 'recalled'],
]);

/** What one partition tells another about a shared budget. */
export function decodeLease(reader: Reader, raw: Raw): LeaseLetter {
  refuseUnknown(reader, raw, LEASE_FIELDS);
  const act = LEASE_ACTS.find((known) => known === raw.act);
  if (act === undefined) reader.fail(wrongType(`one of ${LEASE_ACTS.join(', ')}`), 'act');
  return {
    kind: 'lease',
    id: reader.name(raw.id, 'id'),
    act: act ?? 'ask',
    from: whole(reader, raw.from, 'from'),
    to: whole(reader, raw.to, 'to'),
    budget: reader.comment(raw.budget, 'budget', MAX_BUDGET_LENGTH),
    limits: limits(reader, raw.limits),
    version: reader.count(raw.version, 'version', MAX_VERSION),
    until: reader.optionalInstant(raw.until, 'until'),
    amounts: amounts(reader, raw.amounts, 'amounts'),
    ahead: amounts(reader, raw.ahead, 'ahead'),
    held: amounts(reader, raw.held, 'held'),
    used: amounts(reader, raw.used, 'used'),
    exhausted: raw.exhausted === true,
    recalled: raw.recalled === true,
  };
}

/** A letter as it goes over the wire: what `decodeLease` reads. */
export function encodeLease(letter: LeaseLetter): Readonly<Record<string, unknown>> {
  const until = letter.until === undefined ? undefined : formatInstant(letter.until);
  const limit = letter.limits.map((one) => one ?? null);
  return { ...letter, until, limits: limit };
}

function whole(reader: Reader, value: unknown, key: string): number {
  if (isIntegerWithin(value, 0, MAX_PARTITIONS)) return value;
  reader.fail(diagnoseInteger(value, 0, MAX_PARTITIONS), key);
  return 0;
}

const MOST = Number.MAX_SAFE_INTEGER / 4;

/** Four whole numbers: uses, units, discount and points. */
function amounts(reader: Reader, value: unknown, key: string): Amounts {
  const [uses, units, discount, points] = four(reader, value, key);
  return [uses ?? 0, units ?? 0, discount ?? 0, points ?? 0];
}

function limits(reader: Reader, value: unknown): Limits {
  const [uses, units, discount, points] = four(reader, value, 'limits');
  return [uses, units, discount, points];
}

function four(reader: Reader, value: unknown, key: string): (number | undefined)[] {
  return reader.list(value, key, 4).map((entry, at) => {
    if (isAbsent(entry)) return undefined;
    if (isIntegerWithin(entry, -MOST, MOST)) return entry;
    reader.fail(diagnoseInteger(entry, -MOST, MOST), `${key}/${at}`);
    return undefined;
  });
}

function isIntegerWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most && Number.isInteger(value);
}
