import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../layout/bytes.ts';
import { readTransaction, writeTransaction } from '../layout/transaction.ts';
import { decodeTransaction } from './decode.ts';
import { partitionKey } from './key.ts';
import type { Transaction } from './transaction.ts';

const lines = [{ id: '1', sku: 'TOY', quantity: '1.5', price: 100 }];
const hold = { id: 'h', kind: 'hold', member: 'm', lines, pay: { points: 'main', amount: 5 } };
const capture = { id: 'c', kind: 'capture', member: 'm', hold: 'h' };
const release = { ...capture, kind: 'release', occurredAt: '2026-11-21T18:04:11+05:00' };
const deliver = { id: 'd', kind: 'deliver', checkout: 'c' };
const adjust = { id: 'a', kind: 'adjust', member: 'm', type: 'main', amount: 5 };
const lot = { issuer: 'shop', earnedAt: '2025-01-01T00:00:00Z', expiresAt: '2027-01-01T00:00:00Z' };

function decoded(value: unknown): Transaction {
  const result = decodeTransaction(value);
  if (!result.ok) throw new Error(result.rejection.message);
  return result.transaction;
}

function refusal(value: unknown) {
  const result = decodeTransaction(value);
  return result.ok ? undefined : [result.rejection.reason, result.rejection.path];
}

describe('holds, their ends and deliveries', () => {
  it('a hold is a checkout with a time', () => {
    expect(decoded(hold)).toMatchObject({
      kind: 'hold',
      member: 'm',
      holdFor: 15 * 60_000,
      checkout: { kind: 'checkout', id: 'h', member: 'm', lines: [{ quantity: 1_500 }] },
    });
    expect(decoded({ ...hold, holdFor: 'P1DT1H' })).toMatchObject({ holdFor: 25 * 3_600_000 });
  });

  it.each([hold, capture, release, deliver, adjust, { ...adjust, lot }, { ...adjust, lot: {} }])(
    'survives its canonical bytes: $kind',
    (json) => {
      const writer = new ByteWriter();
      writeTransaction(writer, decoded(json));
      expect(readTransaction(new ByteReader(writer.copy()))).toEqual(decoded(json));
    },
  );

  it.each([
    ['a hold for nobody', { ...hold, member: undefined }, 'missing-field', '/member'],
    ['a hold without goods', { ...hold, lines: [] }, 'no-lines', '/lines'],
    ['a hold for no time', { ...hold, holdFor: 'PT0S' }, 'invalid-duration', '/holdFor'],
    ['a hold for a month', { ...hold, holdFor: 'P1M' }, 'invalid-duration', '/holdFor'],
    ['a hold for too long', { ...hold, holdFor: 'P8D' }, 'invalid-duration', '/holdFor'],
    ['a hold for a number', { ...hold, holdFor: 900 }, 'wrong-type', '/holdFor'],
    [
      'a checkout with a time',
      { ...hold, kind: 'checkout', holdFor: 'PT5M' },
      'unknown-field',
      '/holdFor',
    ],
    ['a capture of nothing', { ...capture, hold: undefined }, 'missing-field', '/hold'],
    ['a capture of wares', { ...capture, lines }, 'unknown-field', '/lines/0/sku'],
    ['a release with lines', { ...release, lines }, 'unknown-field', '/lines'],
    ['a release for nobody', { ...release, member: '' }, 'empty-text', '/member'],
    ['a delivery of nothing', { ...deliver, checkout: 7 }, 'wrong-type', '/checkout'],
    ['a lot that is none', { ...adjust, lot: 'old' }, 'wrong-type', '/lot'],
    [
      'a lot with a spelling mistake',
      { ...adjust, lot: { expires: 1 } },
      'unknown-field',
      '/lot/expires',
    ],
    [
      'a lot without a day',
      { ...adjust, lot: { expiresAt: 'soon' } },
      'invalid-instant',
      '/lot/expiresAt',
    ],
  ])('refuses %s', (_, json, reason, path) => {
    expect(refusal(json)).toEqual([reason, path]);
  });

  it('meet the member, or the checkout they name', () => {
    expect([hold, capture, release].map(partitionKey)).toEqual(['m', 'm', 'm']);
    expect(partitionKey(deliver)).toBe('c');
    expect(partitionKey({ ...deliver, member: 'm' })).toBe('m');
  });
});
