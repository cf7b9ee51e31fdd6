import { type MinorUnits, minorUnits } from '../money/units.ts';
import { checkTotal, readOrderLines } from './decode-lines.ts';
import { diagnoseText, isAbsent, wrongType } from './diagnose.ts';
import { knownFields, readFields, refuseUnknown } from './fields.ts';
import { HOLD_MILLISECONDS_DEFAULT, MAX_CODES, MAX_HOLD_MILLISECONDS } from './limits.ts';
import { isRaw, type Raw, type Reader } from './reader.ts';
import type { Checkout, GeoPoint, HoldRequest, PaymentWish } from './transaction.ts';

const CHECKOUT_FIELD_NAMES = [
  'id',
  'kind',
  'member',
  'card',
  'store',
  'partner',
  'channel',
  'occurredAt',
  'currency',
  'lines',
  'delivery',
  'codes',
  'pay',
  'tender',
  'location',
  'fields',
] as const;
const CHECKOUT_FIELDS = knownFields('', CHECKOUT_FIELD_NAMES);
const HOLD_FIELDS = knownFields('', [...CHECKOUT_FIELD_NAMES, 'holdFor']);
const PAY_FIELDS = knownFields('pay/', ['points', 'amount']);
const LOCATION_FIELDS = knownFields('location/', ['lat', 'lon']);

/** A purchase, or the question what it would give. */
export function decodeCheckout(reader: Reader, raw: Raw, kind: Checkout['kind']): Checkout {
  refuseUnknown(reader, raw, CHECKOUT_FIELDS);
  return readCheckout(reader, raw, kind);
}

/** A checkout that is not final yet. Only a member can reserve something. */
export function decodeHold(reader: Reader, raw: Raw): HoldRequest {
  refuseUnknown(reader, raw, HOLD_FIELDS);
  const member = reader.name(raw.member, 'member');
  const holdFor = isAbsent(raw.holdFor)
    ? HOLD_MILLISECONDS_DEFAULT
    : reader.duration(raw.holdFor, 'holdFor', MAX_HOLD_MILLISECONDS);
  const checkout = readCheckout(reader, raw, 'checkout');
  return { kind: 'hold', id: checkout.id, member, holdFor, checkout };
}

function readCheckout(reader: Reader, raw: Raw, kind: Checkout['kind']): Checkout {
  const lines = readOrderLines(reader, raw.lines);
  const delivery = readDelivery(reader, raw.delivery);
  checkTotal(reader, lines, delivery);
  return {
    kind,
    id: reader.name(raw.id, 'id'),
    member: reader.optionalName(raw.member, 'member'),
    card: reader.optionalName(raw.card, 'card'),
    store: reader.optionalName(raw.store, 'store'),
    partner: reader.optionalName(raw.partner, 'partner'),
    channel: reader.optionalName(raw.channel, 'channel'),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
    currency: readCurrency(reader, raw.currency),
    lines,
    delivery,
    codes: reader.names(raw.codes, 'codes', MAX_CODES),
    pay: readPay(reader, raw.pay),
    tender: reader.optionalName(raw.tender, 'tender'),
    location: readLocation(reader, raw.location),
    fields: readFields(reader, raw.fields),
  };
}

function readDelivery(reader: Reader, value: unknown): MinorUnits {
  return isAbsent(value) ? minorUnits(0) : reader.price(value, 'delivery');
}

const CURRENCY = /^[A-Z]{3}$/;
const NO_CURRENCY = {
  reason: 'invalid-currency',
  says: 'has to be a code of three capital letters.',
} as const;

function readCurrency(reader: Reader, value: unknown): string | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value === 'string' && CURRENCY.test(value)) return value;
  reader.fail(typeof value === 'string' ? NO_CURRENCY : diagnoseText(value, 3), 'currency');
  return undefined;
}

function readPay(reader: Reader, value: unknown): PaymentWish | undefined {
  if (isAbsent(value)) return undefined;
  if (!isRaw(value)) {
    reader.fail(wrongType('an object'), 'pay');
    return undefined;
  }
  refuseUnknown(reader, value, PAY_FIELDS);
  return {
    type: reader.name(value.points, 'pay/points'),
    amount: reader.points(value.amount, 'pay/amount', 0),
  };
}

const NOWHERE = {
  reason: 'invalid-location',
  says: 'needs `lat` from −90 to 90 and `lon` from −180 to 180.',
} as const;

function readLocation(reader: Reader, value: unknown): GeoPoint | undefined {
  if (isAbsent(value)) return undefined;
  if (!isRaw(value)) {
    reader.fail(wrongType('an object'), 'location');
    return undefined;
  }
  refuseUnknown(reader, value, LOCATION_FIELDS);
  const { lat, lon } = value;
  if (isDegrees(lat, 90) && isDegrees(lon, 180)) return { lat: lat + 0, lon: lon + 0 };
  reader.fail(NOWHERE, isDegrees(lat, 90) ? 'location/lon' : 'location/lat');
  return undefined;
}

function isDegrees(value: unknown, most: number): value is number {
  return typeof value === 'number' && value >= -most && value <= most;
}
