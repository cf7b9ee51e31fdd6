import fc from 'fast-check';
import { Packr, Unpackr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { decodeTransaction } from './decode.ts';
import { TRANSACTION_KINDS } from './transaction.ts';

/** Anything that JSON or msgpack could bring, and some things that neither can. */
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSet: true,
  withTypedArray: true,
});

const name = fc.stringMatching(/^[!-~]{1,40}$/);
const line = fc.record(
  {
    sku: name,
    quantity: fc.oneof(
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 999_999 }).map((thousandths) => (thousandths / 1_000).toFixed(3)),
    ),
    price: fc.nat(1_000_000_000),
    category: fc.array(name, { maxLength: 3 }),
    brand: name,
    flags: fc.array(name, { maxLength: 3 }),
    fields: fc.dictionary(
      fc.stringMatching(/^f[a-z]{1,9}$/),
      fc.oneof(fc.nat(), fc.boolean(), name),
      {
        maxKeys: 4,
      },
    ),
  },
  { requiredKeys: ['sku', 'quantity', 'price'] },
);
const checkout = fc.record(
  {
    id: name,
    kind: fc.constantFrom('checkout', 'quote'),
    member: name,
    store: name,
    currency: fc.constant('EUR'),
    occurredAt: fc
      .date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    delivery: fc.nat(100_000),
    codes: fc.array(name, { maxLength: 3 }),
    pay: fc.record({ points: name, amount: fc.nat() }),
    location: fc.record({
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
    }),
  },
  { requiredKeys: ['id', 'kind', 'lines'] },
);

describe('decoding', () => {
  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(typeof decodeTransaction(value).ok).toBe('boolean');
      }),
    );
  });

  it('never throws on a transaction with anything inside', () => {
    const keys = 'id member lines pay location fields codes json at version amount'.split(' ');
    const dirty = fc.record({
      base: fc.constantFrom(...TRANSACTION_KINDS).map((kind) => ({ id: 'a', kind })),
      values: fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), anything),
      lines: fc.array(fc.dictionary(fc.constantFrom('id', 'sku', 'price', 'fields'), anything)),
    });
    fc.assert(
      fc.property(dirty, ({ base, values, lines }) => {
        decodeTransaction({ ...base, ...values });
        decodeTransaction({ ...base, lines, ...values });
      }),
    );
  });

  it('accepts every checkout in the agreed shape, and keeps its sums exact', () => {
    fc.assert(
      fc.property(checkout, (value) => {
        const decoded = decodeTransaction(value);
        expect(decoded).toMatchObject({ ok: true, transaction: { id: value.id } });
        if (!decoded.ok || !('lines' in decoded.transaction)) return;
        for (const [index, read] of (decoded.transaction.lines ?? []).entries()) {
          const sent = value.lines[index];
          const quantity = BigInt(Math.round(Number(sent?.quantity) * 1_000));
          const gross = (BigInt(sent?.price ?? 0) * quantity + 500n) / 1_000n;
          expect(read).toMatchObject({ quantity: Number(quantity), gross: Number(gross) });
        }
      }),
    );
  });

  it('reads the same from JSON and from msgpack', () => {
    const packr = new Packr({ useRecords: false });
    const unpackr = new Unpackr({ useRecords: false });
    fc.assert(
      fc.property(checkout, (value) => {
        const fromJson = decodeTransaction(JSON.parse(JSON.stringify(value)));
        expect(decodeTransaction(unpackr.unpack(packr.pack(value)))).toEqual(fromJson);
      }),
    );
  });

  it('refuses __proto__ wherever it stands, from JSON and from msgpack', () => {
    const sent = (at: string) => ({ id: 'a', kind: 'enrol', member: 'm', [at]: 1 });
    const inFields = { ...sent('store'), store: 's', fields: { ['__proto__']: 1 } };
    const packr = new Packr({ useRecords: false });
    const unpackr = new Unpackr({ useRecords: false });
    for (const value of [sent('__proto__'), inFields]) {
      const forbidden = { ok: false, rejection: { reason: 'forbidden-name' } };
      expect(decodeTransaction(JSON.parse(JSON.stringify(value)))).toMatchObject(forbidden);
      expect(decodeTransaction(unpackr.unpack(packr.pack(value)))).toMatchObject(forbidden);
    }
  });
});
