import type { Instant, Points } from '../money/units.ts';
import { isAbsent, wrongType } from './diagnose.ts';
import { knownFields, refuseUnknown } from './fields.ts';
import type { Belongings, Relay, RelayAct, Relayed } from './member-transactions.ts';
import { isName, isRaw, type Raw, type Reader } from './reader.ts';

const RELAY_FIELDS = knownFields('', ['id', 'kind', 'to', 'from', 'act']);
const RELAYED_FIELDS = knownFields('', ['id', 'kind', 'to', 'relay', 'refused', 'sendFor']);

/** Entries of each list of a relay: what one member has fits, and one envelope holds it. */
export const MAX_RELAY_ENTRIES = 1_000;

/** One partition's ledger asks another partition for something. */
export function decodeRelay(reader: Reader, raw: Raw): Relay {
  refuseUnknown(reader, raw, RELAY_FIELDS);
  const act = actOf(raw.act);
  if (act === undefined) reader.fail(wrongType('an act of a relay'), 'act');
  return {
    kind: 'relay',
    id: reader.name(raw.id, 'id'),
    to: reader.name(raw.to, 'to'),
    from: reader.name(raw.from, 'from'),
    act: act ?? { act: 'receive', member: '', lots: [] },
  };
}

/** What became of a relay. */
export function decodeRelayed(reader: Reader, raw: Raw): Relayed {
  refuseUnknown(reader, raw, RELAYED_FIELDS);
  return {
    kind: 'relayed',
    id: reader.name(raw.id, 'id'),
    to: reader.name(raw.to, 'to'),
    relay: reader.name(raw.relay, 'relay'),
    refused: reader.optionalName(raw.refused, 'refused'),
    sendFor: reader.optionalName(raw.sendFor, 'sendFor'),
  };
}

/** A checked copy of an act; `undefined` when it is none. */
function actOf(value: unknown): RelayAct | undefined {
  if (!isRaw(value)) return undefined;
  const { act, member, identifier, holder, state } = value;
  if (!isName(member)) return undefined;
  if (act === 'receive') {
    const lots = listOf(value.lots, lotOf);
    return lots && { act, member, lots };
  }
  if (act === 'absorb' || act === 'release') {
    const belongings = belongingsOf(value, member);
    return belongings && { act, ...belongings };
  }
  if (act === 'correct') {
    const corrections = listOf(value.corrections, correctionOf);
    const usage = listOf(value['usage'], counterOf);
    return corrections && usage && { act, member, corrections, usage };
  }
  if (act === 'deliver') {
    const { checkout } = value;
    return isName(checkout) ? { act, member, checkout } : undefined;
  }
  if (!isName(identifier)) return undefined;
  if (act === 'claim' && (isAbsent(holder) || isName(holder))) {
    return { act, identifier, member, holder: holder ?? undefined };
  }
  if (act !== 'mark') return undefined;
  if (state !== 'active' && state !== 'blocked' && state !== 'free') return undefined;
  return { act, identifier, member, state };
}

function belongingsOf(raw: Raw, member: string): Belongings | undefined {
  const { merged } = raw;
  const lots = listOf(raw.lots, lotOf);
  const pending = listOf(raw.pending, pendingOf);
  const debts = listOf(raw.debts, debtOf);
  const identifiers = listOf(raw.identifiers, (each) => (isName(each) ? each : undefined));
  const { checkouts } = raw;
  const history = listOf(raw['history'], dayOf);
  const usage = listOf(raw['usage'], counterOf);
  if (!isName(merged) || !lots || !pending || !debts || !identifiers) return undefined;
  if (!isCount(checkouts) || !history || !usage) return undefined;
  return { member, merged, lots, pending, debts, identifiers, checkouts, history, usage };
}

function dayOf(value: unknown) {
  if (!isRaw(value)) return undefined;
  const { day, purchases, spend } = value;
  return isCount(day) && isCount(purchases) && isCount(spend)
    ? { day, purchases, spend }
    : undefined;
}

function counterOf(value: unknown) {
  if (!isRaw(value)) return undefined;
  const { key, uses, units, discount, points, until } = value;
  if (!isText(key) || !isNumber(uses) || !isNumber(units)) return undefined;
  if (!isNumber(discount) || !isNumber(points)) return undefined;
  if (!isAbsent(until) && !isInstant(until)) return undefined;
  return { key, uses, units, discount, points, until: until ?? undefined };
}

function lotOf(value: unknown) {
  if (!isRaw(value)) return undefined;
  const { type, issuer, expiresAt, earnedAt, points } = value;
  if (!isName(type) || !isText(issuer) || !isAmount(points) || !isInstant(earnedAt)) {
    return undefined;
  }
  if (!isAbsent(expiresAt) && !isInstant(expiresAt)) return undefined;
  return { type, issuer, expiresAt: expiresAt ?? undefined, earnedAt, points };
}

function pendingOf(value: unknown) {
  if (!isRaw(value)) return undefined;
  const { type, issuer, checkout, promotion, creditAt, validFrom, points } = value;
  if (!isName(type) || !isText(issuer) || !isText(checkout) || !isText(promotion)) return undefined;
  if (!isAmount(points) || (!isAbsent(creditAt) && !isInstant(creditAt))) return undefined;
  if (!isAbsent(validFrom) && !isInstant(validFrom)) return undefined;
  return {
    type,
    issuer,
    checkout,
    promotion,
    creditAt: creditAt ?? undefined,
    validFrom: validFrom ?? undefined,
    points,
  };
}

function debtOf(value: unknown) {
  if (!isRaw(value)) return undefined;
  const { type, points } = value;
  return isName(type) && isAmount(points) ? { type, points } : undefined;
}

function correctionOf(value: unknown) {
  if (!isRaw(value)) return undefined;
  const { type, correction, partner, promotion, checkout, lot, points, earnedAt } = value;
  if (correction !== 'revoke' && correction !== 'give-back') return undefined;
  if (!isName(type) || !isText(partner) || !isText(promotion)) return undefined;
  if (!isText(checkout) || !isText(lot) || !isAmount(points)) return undefined;
  if (!isAbsent(earnedAt) && !isInstant(earnedAt)) return undefined;
  const age = earnedAt ?? undefined;
  return { type, correction, partner, promotion, checkout, lot, points, earnedAt: age } as const;
}

function listOf<T>(
  value: unknown,
  read: (value: unknown) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_RELAY_ENTRIES) return undefined;
  const list: T[] = [];
  for (const entry of value) {
    const found = read(entry);
    if (found === undefined) return undefined;
    list.push(found);
  }
  return list;
}

const MAX_TEXT = 512;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

/** Counters may be below zero: a return may come when their period is over. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function isCount(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}

function isAmount(value: unknown): value is Points {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isInstant(value: unknown): value is Instant {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
