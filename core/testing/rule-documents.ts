import fc from 'fast-check';

/**
 * Random rule-set documents and the checkouts to try them with. Both draw from one small world,
 * so that conditions hold about as often as they fail.
 */

const SKUS = ['APPLE', 'BREAD', 'CIDER', 'DONUT'];
const CATEGORIES = ['food', 'drink', 'toys'];
const PLACES = ['kz', 'almaty', 'astana', 'almaty-1', 'astana-1'];
const PARTNERS = ['fuel-co', 'shop-co'];
const CHANNELS = ['pos', 'web'];
const SEGMENTS = ['vip', 'student'];
const TIERS = ['bronze', 'silver', 'gold'];
const CODES = ['SPRING', 'SUMMER'];

type Json = Record<string, unknown>;

const one = (values: readonly string[]) => fc.constantFrom(...values);
const some = (values: readonly string[]) =>
  fc.uniqueArray(one(values), { minLength: 1, maxLength: 2 });
const amount = fc.integer({ min: 0, max: 20_000 });

function membership(values: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    one(values),
    some(values),
    one(values).map((is) => ({ is })),
    some(values).map((list) => ({ in: list })),
  );
}

const comparison = fc.oneof(
  amount.map((value) => ({ atLeast: value })),
  amount.map((value) => ({ below: value })),
  fc.tuple(amount, amount).map(([a, b]) => ({ between: [Math.min(a, b), Math.max(a, b)] })),
);

const fact: fc.Arbitrary<Json> = fc.oneof(
  comparison.map((test) => ({ 'total.initial': test })),
  comparison.map((test) => ({ 'total.current': test })),
  fc.integer({ min: 0, max: 5 }).map((value) => ({ quantity: { atLeast: value } })),
  membership(SKUS).map((test) => ({ 'line.sku': test })),
  membership(CATEGORIES).map((test) => ({ 'line.category': test })),
  membership(SEGMENTS).map((test) => ({ 'member.segments': test })),
  membership(TIERS).map((test) => ({ 'member.tier': test })),
  one(TIERS).map((tier) => ({ 'member.tier': { atLeast: tier } })),
  fc.integer({ min: 0, max: 60 }).map((days) => ({ 'member.birthday': { within: `P${days}D` } })),
  fc.integer({ min: 15, max: 60 }).map((years) => ({ 'member.age': { above: years } })),
  fc.boolean().map((first) => ({ 'member.firstOrder': first })),
  fc.constant({ 'member.fields.city': 'Almaty' }),
  fc.constant({ 'member.purchases.last30d': { atLeast: 2 } }),
  membership(PARTNERS).map((test) => ({ partner: test })),
  membership(PLACES).map((test) => ({ region: test })),
  membership(CHANNELS).map((test) => ({ channel: test })),
  membership(CODES).map((test) => ({ codes: test })),
  fc.constant({ location: { inside: { circle: { lat: 43.2, lon: 76.9, radius: 5_000 } } } }),
);

/** A `when` of a few levels. */
export const arbitraryCondition: fc.Arbitrary<Json> = fc.letrec<{ condition: Json }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fact,
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('condition').map((not) => ({ not })),
  ),
})).condition;

const ranking = fc.record(
  {
    order: one(['cheapest-first', 'most-expensive-first', 'as-listed']),
    skip: fc.integer({ min: 0, max: 2 }),
    take: fc.integer({ min: 1, max: 3 }),
    every: fc.integer({ min: 1, max: 4 }),
    count: one(['lines', 'units']),
  },
  { requiredKeys: [] },
);

/** A line scope: a filter, a ranking, or a bundle. */
export const arbitraryLines: fc.Arbitrary<Json> = fc.oneof(
  membership(SKUS).map((sku) => ({ sku })),
  membership(CATEGORIES).map((category) => ({ category })),
  fc.tuple(membership(CATEGORIES), ranking).map(([category, rank]) => ({ category, ...rank })),
  comparison.map((price) => ({ price })),
  fc.boolean().map((discounted) => ({ discounted })),
  one(SKUS).map((sku) => ({ bundle: [{ sku, quantity: 1 }] })),
);

const target = one(['lines', 'order', 'delivery']);
const benefit: fc.Arbitrary<Json> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 100 }), target)
    .map(([percent, on]) => ({ discount: { percent, target: on } })),
  fc.tuple(amount, target).map(([value, on]) => ({ discount: { amount: value, target: on } })),
  fc
    .tuple(amount, arbitraryLines)
    .map(([value, lines]) => ({ discount: { amount: value, lines } })),
  amount.map((value) => ({ price: { amount: value } })),
  fc.integer({ min: 1, max: 50 }).map((fixed) => ({ points: { fixed } })),
  fc.integer({ min: 1, max: 10 }).map((rate) => ({ points: { rate } })),
);

const dates = ['2026-01-01', '2026-06-15', '2026-06-16', '2026-12-31'];
const period = fc
  .subarray(dates, { minLength: 2, maxLength: 2 })
  .map(([start, end]) => ({ start, end }));
const regions = fc
  .uniqueArray(one(PLACES), { maxLength: 4 })
  .map((ids) => ({ in: ids.slice(0, 2), except: ids.slice(2) }));

const promotion = fc.record(
  {
    type: one(['product-discount', 'order-discount', 'points-accrual']),
    period,
    regions,
    channels: some(CHANNELS),
    when: arbitraryCondition,
    lines: arbitraryLines,
    stacking: fc.record(
      { priority: fc.integer({ min: -1, max: 2 }), category: one(['common', 'never', 'always']) },
      { requiredKeys: [] },
    ),
    benefits: fc.record({ list: fc.array(benefit, { minLength: 1, maxLength: 2 }) }),
  },
  { requiredKeys: ['benefits'] },
);

const mode = one(['sequential', 'exclusive', 'sum', 'max']);

/** A document that compiles, in a closed world of its own. */
export const arbitraryDocument: fc.Arbitrary<Json> = fc
  .tuple(mode, fc.array(fc.tuple(mode, fc.array(promotion, { maxLength: 4 })), { maxLength: 3 }))
  .map(([main, groups]) => ({
    ...WORLD,
    arbitration: {
      mode: main,
      children: groups.map(([inner, promotions], group) => ({
        group: `g${group}`,
        mode: inner,
        children: promotions.map((body, index) => ({ promotion: `p${group}-${index}`, ...body })),
      })),
    },
  }));

/** What every random document declares. */
export const WORLD = {
  program: { id: 'random', timezone: 'Asia/Almaty', currency: { code: 'KZT', exponent: 2 } },
  pointTypes: [{ id: 'main' }, { id: 'status', kind: 'qualification', tierGroup: 'club' }],
  tierGroups: [
    { id: 'club', points: 'status', tiers: TIERS.map((id, rank) => ({ id, from: rank * 100 })) },
  ],
  places: [
    { id: 'kz', kind: 'country' },
    { id: 'almaty', kind: 'region', parent: 'kz' },
    { id: 'astana', kind: 'region', parent: 'kz' },
    { id: 'almaty-1', kind: 'store', parent: 'almaty', partner: 'fuel-co' },
    { id: 'astana-1', kind: 'store', parent: 'astana', partner: 'shop-co' },
  ],
  partners: PARTNERS.map((id) => ({ id })),
};

/** A checkout as a till sends it, and the member it belongs to. */
export const arbitraryCheckoutJson: fc.Arbitrary<Json> = fc.record(
  {
    id: fc.constant('t1'),
    kind: fc.constant('quote'),
    store: one(['almaty-1', 'astana-1', 'nowhere']),
    channel: one(CHANNELS),
    codes: fc.uniqueArray(one(CODES), { maxLength: 2 }),
    location: fc.constantFrom({ lat: 43.2, lon: 76.9 }, { lat: 51.1, lon: 71.4 }),
    delivery: amount,
    lines: fc.array(
      fc.record({
        sku: one(SKUS),
        category: fc.uniqueArray(one(CATEGORIES), { maxLength: 2 }),
        quantity: fc.integer({ min: 1, max: 4 }),
        price: amount,
      }),
      { minLength: 1, maxLength: 4 },
    ),
  },
  { requiredKeys: ['id', 'kind', 'lines'] },
);

/** Members: none, or one with some of everything. */
export const arbitraryMember = fc.option(
  fc.record({
    birthday: fc.constantFrom(undefined, '1990-06-15', '2000-02-29', '1961-12-31'),
    segments: fc.uniqueArray(one(SEGMENTS), { maxLength: 2 }),
    tier: fc.constantFrom(undefined, ...TIERS),
    city: fc.constantFrom(undefined, 'Almaty', 'Astana'),
    checkouts: fc.integer({ min: 0, max: 3 }),
  }),
  { nil: undefined },
);

/** Instants around the dates that periods of random documents start and end at. */
export const arbitraryInstant = fc.constantFrom(
  Date.UTC(2026, 5, 14, 18, 59, 59, 999),
  Date.UTC(2026, 5, 14, 19),
  Date.UTC(2026, 5, 15, 12),
  Date.UTC(2026, 5, 15, 19),
  Date.UTC(2026, 11, 30, 19),
  Date.UTC(2025, 6, 1),
);
