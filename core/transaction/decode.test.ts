import { describe, expect, it } from 'vitest';
import { isReason } from '../outcome/reasons.ts';
import { decodeTransaction } from './decode.ts';
import type { Transaction } from './transaction.ts';

const checkout = {
  id: 'till-7/2026-11-21/000123',
  kind: 'checkout',
  member: 'm-1001',
  store: 'almaty-12',
  channel: 'pos',
  occurredAt: '2026-11-21T18:04:11+05:00',
  currency: 'KZT',
  lines: [
    {
      id: '1',
      sku: 'TOY-9',
      category: ['toys'],
      quantity: 2,
      price: 199900,
      fields: { floorPrice: 150000 },
    },
  ],
  delivery: 0,
  codes: [],
  pay: { points: 'main', amount: 500 },
  location: { lat: 43.24, lon: 76.91 },
};
const line = checkout.lines[0];

function accepted(value: unknown): Transaction {
  const decoded = decodeTransaction(value);
  expect(decoded).toMatchObject({ ok: true });
  if (!decoded.ok) throw new Error(decoded.rejection.message);
  return decoded.transaction;
}

function rejection(value: unknown) {
  const decoded = decodeTransaction(value);
  expect(decoded.ok).toBe(false);
  return decoded.ok ? undefined : decoded.rejection;
}

const withLine = (change: object) => ({ ...checkout, lines: [{ ...line, ...change }] });
const fieldsOf = (json: string) => ({ ...checkout, fields: JSON.parse(json) });

describe('a valid transaction', () => {
  it('becomes the same checkout with exact numbers', () => {
    expect(accepted(checkout)).toEqual({
      kind: 'checkout',
      id: 'till-7/2026-11-21/000123',
      member: 'm-1001',
      store: 'almaty-12',
      partner: undefined,
      channel: 'pos',
      occurredAt: Date.UTC(2026, 10, 21, 13, 4, 11),
      currency: 'KZT',
      lines: [
        {
          id: '1',
          sku: 'TOY-9',
          category: ['toys'],
          brand: undefined,
          partner: undefined,
          quantity: 2000,
          price: 199900,
          gross: 399800,
          flags: [],
          fields: new Map([['floorPrice', 150000]]),
        },
      ],
      delivery: 0,
      codes: [],
      pay: { type: 'main', amount: 500 },
      tender: undefined,
      location: { lat: 43.24, lon: 76.91 },
      fields: new Map(),
    });
  });

  it('may leave out all that is optional, and may write it as null', () => {
    const small = { id: 'a', kind: 'quote', lines: [{ sku: 'x', quantity: '0.125', price: 1000 }] };
    const empty = { ...small, member: null, codes: null, pay: null, location: null, fields: null };
    expect(accepted(empty)).toEqual(accepted(small));
    expect(accepted(small)).toMatchObject({
      lines: [{ id: '1', quantity: 125, gross: 125, fields: new Map() }],
    });
  });

  it('takes one category as a list of one', () => {
    expect(accepted(withLine({ category: 'toys' }))).toMatchObject({
      lines: [{ category: ['toys'] }],
    });
  });

  it.each([
    ['return', { id: 'r', kind: 'return', checkout: 'c', lines: [{ id: '1', quantity: 1 }] }],
    ['whole return', { id: 'r', kind: 'return', checkout: 'c', member: 'm' }],
    ['cancel', { id: 'x', kind: 'cancel', checkout: 'c' }],
    ['enrolment', { id: 'e', kind: 'enrol', member: 'm', birthday: '2000-02-29' }],
    ['adjustment', { id: 'a', kind: 'adjust', member: 'm', type: 'main', amount: -12.5 }],
    ['tick', { id: 't', kind: 'tick', at: '2026-11-21T00:00:00Z' }],
    ['activation', { id: 'v', kind: 'activation', version: 12, hash: 'b3:0' }],
  ])('may be a %s', (_name, value) => {
    expect(accepted(value)).toMatchObject({ kind: value.kind, id: value.id });
  });

  it('keeps the JSON of an adjustment as text, however it was sent', () => {
    const adjust = { id: 'a', kind: 'adjust', member: 'm', type: 'main', amount: '12.5' };
    const text = { ...adjust, json: '{"ticket":7}' };
    expect(accepted({ ...adjust, json: { ticket: 7 } })).toEqual(accepted(text));
    expect(accepted(text)).toMatchObject({ amount: 12.5, comment: '', json: '{"ticket":7}' });
  });
});

describe('a bad transaction is refused with a reason and a path', () => {
  const enrol = { id: 'e', kind: 'enrol', member: 'm' };
  const adjust = { id: 'a', kind: 'adjust', member: 'm', type: 'main', amount: 1 };
  const back = { id: 'r', kind: 'return', checkout: 'c' };
  const activation = { id: 'v', kind: 'activation', version: 1, hash: 'b3:0' };
  const many = <T>(count: number, entry: T) => Array.from({ length: count }, () => entry);
  const names = (count: number) => many(count, 'a').map((letter, index) => letter + index);

  it.each([
    ['a text', 'checkout', 'not-an-object', ''],
    ['nothing', null, 'not-an-object', ''],
    ['a list', [checkout], 'not-an-object', ''],
    ['a number', Number.NaN, 'not-an-object', ''],
    ['no kind', { id: 'a' }, 'missing-field', '/kind'],
    ['a kind of another type', { id: 'a', kind: 7 }, 'wrong-type', '/kind'],
    ['an unknown kind', { id: 'a', kind: 'refund' }, 'unknown-kind', '/kind'],
    ['a later kind', { id: 'a', kind: 'activate-code' }, 'unsupported-kind', '/kind'],
    ['a prototype as kind', { id: 'a', kind: '__proto__' }, 'unknown-kind', '/kind'],
    ['no id', { ...checkout, id: undefined }, 'missing-field', '/id'],
    ['an empty id', { ...checkout, id: '' }, 'empty-text', '/id'],
    ['a long id', { ...checkout, id: 'x'.repeat(129) }, 'text-too-long', '/id'],
    ['an id with a line break', { ...checkout, id: 'a\nb' }, 'not-printable', '/id'],
    ['an id of half a character', { ...checkout, id: 'a\ud800' }, 'not-printable', '/id'],
    ['a number as member', { ...checkout, member: 1001 }, 'wrong-type', '/member'],
    ['a misspelt field', { ...checkout, membr: 'm' }, 'unknown-field', '/membr'],
    ['a slash in a field', { ...checkout, 'a/b~': 1 }, 'unknown-field', '/a~1b~0'],
    ['constructor', { ...checkout, constructor: 1 }, 'forbidden-name', '/constructor'],
    ['no lines', { ...checkout, lines: [] }, 'no-lines', '/lines'],
    ['absent lines', { ...checkout, lines: undefined }, 'no-lines', '/lines'],
    ['lines as an object', { ...checkout, lines: {} }, 'wrong-type', '/lines'],
    ['501 lines', { ...checkout, lines: many(501, line) }, 'too-many', '/lines'],
    ['a line of text', { ...checkout, lines: [line, 'x'] }, 'not-an-object', '/lines/1'],
    ['a null line', { ...checkout, lines: [null] }, 'not-an-object', '/lines/0'],
    ['a repeated line id', { ...checkout, lines: [line, line] }, 'duplicate-line', '/lines/1/id'],
    [
      'many lines, two alike',
      { ...checkout, lines: many(9, line) },
      'duplicate-line',
      '/lines/1/id',
    ],
    ['an unknown line field', withLine({ prise: 1 }), 'unknown-field', '/lines/0/prise'],
    ['no sku', withLine({ sku: undefined }), 'missing-field', '/lines/0/sku'],
    ['no price', withLine({ price: undefined }), 'missing-field', '/lines/0/price'],
    ['a negative price', withLine({ price: -1 }), 'number-too-small', '/lines/0/price'],
    ['a broken price', withLine({ price: 0.5 }), 'not-an-integer', '/lines/0/price'],
    ['a text price', withLine({ price: '1' }), 'wrong-type', '/lines/0/price'],
    ['a NaN price', withLine({ price: Number.NaN }), 'not-a-number', '/lines/0/price'],
    ['an infinite price', withLine({ price: 1 / 0 }), 'not-a-number', '/lines/0/price'],
    ['a price of 10^12+1', withLine({ price: 1e12 + 1 }), 'number-too-large', '/lines/0/price'],
    [
      'a price of 2^53+1',
      withLine({ price: 2n ** 53n + 1n }),
      'number-too-large',
      '/lines/0/price',
    ],
    ['no quantity', withLine({ quantity: undefined }), 'missing-field', '/lines/0/quantity'],
    ['a quantity of 0', withLine({ quantity: 0 }), 'number-too-small', '/lines/0/quantity'],
    ['a negative quantity', withLine({ quantity: '-1' }), 'number-too-small', '/lines/0/quantity'],
    ['four decimals', withLine({ quantity: 0.0001 }), 'too-many-decimals', '/lines/0/quantity'],
    ['four in text', withLine({ quantity: '1.0001' }), 'too-many-decimals', '/lines/0/quantity'],
    ['a quantity in words', withLine({ quantity: 'two' }), 'not-a-number', '/lines/0/quantity'],
    ['a huge quantity', withLine({ quantity: 1e10 }), 'number-too-large', '/lines/0/quantity'],
    ['true as quantity', withLine({ quantity: true }), 'wrong-type', '/lines/0/quantity'],
    [
      'a gross beyond 2^53',
      withLine({ price: 1e12, quantity: 1e9 }),
      'total-too-large',
      '/lines/0',
    ],
    [
      'a total beyond 2^53',
      {
        ...checkout,
        lines: names(10).map((id) => ({ id, sku: 'x', price: 1e12, quantity: 1000 })),
      },
      'total-too-large',
      '/lines',
    ],
    ['a category number', withLine({ category: ['a', 1] }), 'wrong-type', '/lines/0/category/1'],
    ['33 categories', withLine({ category: names(33) }), 'too-many', '/lines/0/category'],
    ['flags as an object', withLine({ flags: {} }), 'wrong-type', '/lines/0/flags'],
    ['a nested field', withLine({ fields: { a: {} } }), 'wrong-type', '/lines/0/fields/a'],
    ['31 codes', { ...checkout, codes: names(31) }, 'too-many', '/codes'],
    ['an empty code', { ...checkout, codes: ['A', ''] }, 'empty-text', '/codes/1'],
    ['a negative delivery', { ...checkout, delivery: -5 }, 'number-too-small', '/delivery'],
    [
      'a currency in small letters',
      { ...checkout, currency: 'kzt' },
      'invalid-currency',
      '/currency',
    ],
    ['a currency number', { ...checkout, currency: 398 }, 'wrong-type', '/currency'],
    [
      'a local instant',
      { ...checkout, occurredAt: '2026-11-21T18:04:11' },
      'invalid-instant',
      '/occurredAt',
    ],
    ['an instant as number', { ...checkout, occurredAt: 1 }, 'wrong-type', '/occurredAt'],
    ['pay as a number', { ...checkout, pay: 5 }, 'wrong-type', '/pay'],
    ['pay of no type', { ...checkout, pay: { amount: 1 } }, 'missing-field', '/pay/points'],
    ['pay of no amount', { ...checkout, pay: { points: 'main' } }, 'missing-field', '/pay/amount'],
    [
      'negative pay',
      { ...checkout, pay: { points: 'main', amount: -1 } },
      'number-too-small',
      '/pay/amount',
    ],
    [
      'pay too fine',
      { ...checkout, pay: { points: 'main', amount: 1e-8 } },
      'too-many-decimals',
      '/pay/amount',
    ],
    [
      'pay too large',
      { ...checkout, pay: { points: 'main', amount: 1e13 } },
      'number-too-large',
      '/pay/amount',
    ],
    [
      'pay with more',
      { ...checkout, pay: { points: 'main', amount: 1, x: 1 } },
      'unknown-field',
      '/pay/x',
    ],
    [
      'latitude 91',
      { ...checkout, location: { lat: 91, lon: 0 } },
      'invalid-location',
      '/location/lat',
    ],
    ['no longitude', { ...checkout, location: { lat: 1 } }, 'invalid-location', '/location/lon'],
    [
      'altitude',
      { ...checkout, location: { lat: 1, lon: 1, alt: 1 } },
      'unknown-field',
      '/location/alt',
    ],
    ['a place in words', { ...checkout, location: 'here' }, 'wrong-type', '/location'],
    ['a list as fields', { ...checkout, fields: [] }, 'wrong-type', '/fields'],
    ['65 fields', { ...checkout, fields: { ...names(65) } }, 'too-many', '/fields'],
    ['a field without a name', { ...checkout, fields: { '': 1 } }, 'empty-text', '/fields/'],
    ['a null field', { ...checkout, fields: { a: null } }, 'wrong-type', '/fields/a'],
    ['a long field', { ...checkout, fields: { a: 'x'.repeat(513) } }, 'text-too-long', '/fields/a'],
    ['a field of NaN', { ...checkout, fields: { a: Number.NaN } }, 'not-a-number', '/fields/a'],
    ['a field of −10^300', { ...checkout, fields: { a: -1e300 } }, 'number-too-small', '/fields/a'],
    ['__proto__ inside fields', fieldsOf('{"__proto__":1}'), 'forbidden-name', '/fields/__proto__'],
    ['prototype in fields', fieldsOf('{"prototype":1}'), 'forbidden-name', '/fields/prototype'],
    [
      '__proto__',
      JSON.parse('{"id":"a","kind":"cancel","__proto__":{}}'),
      'forbidden-name',
      '/__proto__',
    ],
    ['a return of nothing', { ...back, lines: [] }, 'no-lines', '/lines'],
    ['a return without a checkout', { ...back, checkout: undefined }, 'missing-field', '/checkout'],
    [
      'a returned line without id',
      { ...back, lines: [{ quantity: 1 }] },
      'missing-field',
      '/lines/0/id',
    ],
    [
      'a price to return',
      { ...back, lines: [{ id: '1', quantity: 1, price: 1 }] },
      'unknown-field',
      '/lines/0/price',
    ],
    ['lines to cancel', { ...back, kind: 'cancel', lines: [] }, 'unknown-field', '/lines'],
    ['nobody to enrol', { ...enrol, member: undefined }, 'missing-field', '/member'],
    ['30 February', { ...enrol, birthday: '2000-02-30' }, 'invalid-date', '/birthday'],
    ['a birthday as number', { ...enrol, birthday: 2000 }, 'wrong-type', '/birthday'],
    ['257 segments', { ...enrol, segments: names(257) }, 'too-many', '/segments'],
    ['an amount in words', { ...adjust, amount: 'much' }, 'not-a-number', '/amount'],
    ['a long comment', { ...adjust, comment: 'x'.repeat(1001) }, 'text-too-long', '/comment'],
    ['a number as comment', { ...adjust, comment: 1 }, 'wrong-type', '/comment'],
    ['JSON that is none', { ...adjust, json: { a: 1n } }, 'wrong-type', '/json'],
    [
      'JSON too deep',
      { ...adjust, json: JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`) },
      'wrong-type',
      '/json',
    ],
    ['JSON too long', { ...adjust, json: { a: 'x'.repeat(4096) } }, 'text-too-long', '/json'],
    ['a tick without a time', { id: 't', kind: 'tick' }, 'missing-field', '/at'],
    ['version 0', { ...activation, version: 0 }, 'number-too-small', '/version'],
    ['version 1.5', { ...activation, version: 1.5 }, 'not-an-integer', '/version'],
  ])('%s', (_name, value, reason, path) => {
    const refused = rejection(value);
    expect(refused).toMatchObject({ reason, path });
    expect(isReason(reason)).toBe(true);
    expect(refused?.message).toMatch(/^(`.+`|The transaction) .+\.$/);
  });

  it('keeps as much of its identity as could be read', () => {
    expect(rejection({ ...checkout, lines: 1 })).toMatchObject({
      id: checkout.id,
      kind: 'checkout',
      member: 'm-1001',
    });
    expect(rejection({ id: 7, kind: 'activate-code', member: '' })).toMatchObject({
      id: undefined,
      kind: undefined,
      member: undefined,
    });
  });

  it('keeps a long or unprintable name of the sender out of the path', () => {
    const path = rejection({ ...checkout, [`\n${'x'.repeat(500)}`]: 1 })?.path;
    expect(path).toBe(`/\ufffd${'x'.repeat(63)}`);
  });
});
