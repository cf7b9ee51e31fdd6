import fc from 'fast-check';

/**
 * Random rule-set documents for property tests: small trees in which everything meets
 * everything. They are valid by construction, but for what `compileRuleSet` then refuses.
 */

type Json = Readonly<Record<string, unknown>>;

const SKUS = ['A', 'B', 'C', 'D', 'E'];
const CATEGORIES = ['one', 'two', 'three'];

const percent = fc.oneof(
  fc.constantFrom(5, 10, 15, 20, 25, 30, 50, 100),
  fc.integer({ min: 1, max: 1_000_000 }).map((parts) => parts / 10_000),
);
const amount = fc.oneof(fc.constantFrom(100, 250, 1000, 5000), fc.integer({ min: 1, max: 20_000 }));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 8 });
/** `option` gives a value freq times out of freq + 1, so this turns it round. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc
    .tuple(fc.integer({ min: 0, max: 5 }), arbitrary)
    .map(([n, one]) => (n === 0 ? one : undefined));

const ranking = fc.record(
  {
    order: fc.constantFrom('cheapest-first', 'most-expensive-first', 'as-listed'),
    skip: fc.integer({ min: 0, max: 2 }),
    take: fc.integer({ min: 1, max: 2 }),
    every: fc.integer({ min: 2, max: 3 }),
    count: fc.constantFrom('lines', 'units'),
  },
  { requiredKeys: ['order', 'take'] },
);
const lines: fc.Arbitrary<Json> = fc.oneof(
  fc.subarray(SKUS, { minLength: 1 }).map((list) => ({ sku: { in: list } })),
  fc.subarray(CATEGORIES, { minLength: 1 }).map((list) => ({ category: { in: list } })),
  fc.boolean().map((discounted) => ({ discounted })),
  amount.map((atLeast) => ({ price: { atLeast } })),
  ranking,
  fc.constant({
    bundle: [
      { sku: 'A', quantity: 1 },
      { category: 'two', quantity: 1 },
    ],
  }),
);

const condition: fc.Arbitrary<Json> = fc.oneof(
  amount.map((above) => ({ 'total.current': { above } })),
  amount.map((below) => ({ 'total.current': { below: below * 5 } })),
  amount.map((atLeast) => ({ 'total.initial': { atLeast } })),
  fc.constant({ quantity: { atLeast: 2 } }),
  fc.constantFrom({ codes: { has: 'CODE' } }, { codes: { has: 'OTHER' } }),
  fc.constant({ 'member.segments': { has: 'vip' } }),
  fc.constant({ 'member.firstOrder': true }),
);

/** Of promotions that a checkout asks for. */
const request: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom('CODE', 'OTHER', 'THIRD').map((has) => ({ codes: { has } })),
  fc
    .subarray(['CODE', 'OTHER', 'THIRD'], { minLength: 1 })
    .map((list) => ({ codes: { in: list } })),
);

const discount = fc.oneof(
  percent.map((value) => ({ percent: value })),
  fc.record(
    { amount, per: fc.constantFrom('subtotal', 'unit', 'split-amount', 'split-quantity') },
    { requiredKeys: ['amount'] },
  ),
);
const pay = fc.oneof(
  percent.map((value) => ({ percent: value })),
  amount.map((value) => ({ amount: value })),
  fc.integer({ min: 1, max: 300 }).map((points) => ({ points })),
);
const target = fc.constantFrom('lines', 'lines', 'lines', 'order', 'delivery');
const type = fc.constantFrom('main', 'promo');

/** Benefits that any group may hold. */
const commonBenefit: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ discount, target }) },
  { weight: 1, arbitrary: fc.record({ price: fc.record({ amount }) }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(pay, fc.constantFrom('discount', 'payment'), type)
      .chain(([value, as, points]) =>
        fc
          .constantFrom('lines', 'order')
          .map((where) => ({ 'pay-with-points': { ...value, as, type: points }, target: where })),
      ),
  },
  {
    weight: 3,
    arbitrary: fc.oneof(
      fc.record({ points: fc.record({ rate: fc.constantFrom(0.01, 0.5, 1, 3.25), type }), target }),
      fc.record({ points: fc.record({ fixed: fc.integer({ min: 1, max: 90 }), type }), target }),
      fc.constant({ points: { every: { spend: 1500, points: 20 } } }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(2, 1.5, 3).map((factor) => ({ 'multiply-points': { factor } })),
  },
  { weight: 1, arbitrary: fc.constant({ 'partner-discount': {} }) },
);

/** Benefits that are refused directly under summation or maximum benefit. */
const orderedBenefit: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: commonBenefit },
  {
    weight: 1,
    arbitrary: fc.record({
      round: fc.constantFrom('integer', 'half', 'floor', 'tens', 'nearest-ten'),
      target,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ price: { field: 'special', factor: 0.9, plus: 5 } }) },
  { weight: 1, arbitrary: fc.constant({ points: { field: 'bonus' } }) },
  { weight: 1, arbitrary: fc.constant({ text: 'Thank you, {member.id}' }) },
  { weight: 1, arbitrary: fc.constant({ 'issue-code': { pool: 'spring' } }) },
);

const maxDiscount = fc.oneof(
  fc.record({ amount, per: fc.constantFrom('order', 'line') }),
  fc.record({ percent, per: fc.constantFrom('order', 'line') }),
);
const minPrice = fc.oneof(
  fc.constant({ field: 'floorPrice' }),
  amount.map((value) => ({ amount: value })),
  percent.map((value) => ({ percent: value })),
);
const nodeLimits = fc.record({ maxDiscount, minPrice }, { requiredKeys: [] });
const promotionLimits = fc.record(
  {
    maxDiscount,
    minPrice,
    perMember: fc.record({ uses: fc.integer({ min: 1, max: 2 }), per: fc.constant('day') }),
    unitsPerOrder: fc.integer({ min: 1, max: 3 }),
    unitsPerLine: fc.integer({ min: 1, max: 2 }),
    budget: fc.oneof(
      fc.record({ discount: amount }),
      fc.record({ points: fc.integer({ min: 1, max: 50 }) }),
      fc.record({ units: fc.integer({ min: 1, max: 4 }), per: fc.constant('sku') }),
    ),
  },
  { requiredKeys: [] },
);
const calculation = fc.constantFrom('initial', 'discounted');
const hierarchy = fc.integer({ min: 0, max: 3 });
/** Stacking categories of the programme's own. What they exclude is never one that goes with all. */
const categories: fc.Arbitrary<readonly Json[]> = fc
  .record({
    own: fc.record({
      limit: fc.integer({ min: 1, max: 2 }),
      hierarchy,
      calculation: seldom(calculation),
      when: seldom(condition),
    }),
    other: fc.record({
      eligibility: fc.constantFrom('common', 'common', 'never'),
      excludes: fc.constantFrom<string[]>([], [], ['own'], ['common'], ['never']),
      limit: seldom(fc.integer({ min: 1, max: 3 })),
      hierarchy,
      calculation: maybe(calculation),
    }),
    free: fc.record({
      eligibility: fc.constantFrom('common', 'always'),
      calculation: maybe(calculation),
      hierarchy: seldom(hierarchy),
    }),
  })
  .map((all) => Object.entries(all).map(([id, one]) => withoutUndefined({ id, ...one })));
const stacking = fc.record(
  {
    category: fc.constantFrom('common', 'common', 'never', 'always', 'own', 'own', 'other', 'free'),
    priority: fc.integer({ min: 0, max: 2 }),
    exclusive: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    stopAfter: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  },
  { requiredKeys: [] },
);

function promotion(
  benefit: fc.Arbitrary<Json>,
  when: fc.Arbitrary<Json | undefined> = seldom(condition),
  stacks: fc.Arbitrary<Json | undefined> = seldom(stacking),
): fc.Arbitrary<Json> {
  return fc
    .record({
      promotion: fc.constant('?'),
      type: fc.constantFrom('product-discount', 'partner-offer', 'points-accrual'),
      regions: seldom(fc.constantFrom<Json>({ in: ['north'] }, { except: ['north'] })),
      channels: seldom(fc.constant(['web'])),
      period: seldom(
        fc.constantFrom<Json>(
          { end: '2026-01-01' },
          { start: '2026-01-01' },
          { start: '2026-06-01T11:30', repeat: { every: 'P7D', for: 'PT1H' } },
          { start: '2026-06-01T11:30', repeat: { every: 'P2D', for: 'PT1H' } },
        ),
      ),
      when,
      lines: maybe(lines).map((one) => one),
      benefits: fc.record({
        mode: fc.constantFrom('sequential', 'parallel'),
        list: fc.array(benefit, { minLength: 1, maxLength: 2 }),
      }),
      limits: seldom(promotionLimits),
      stacking: stacks,
    })
    .map(withoutUndefined);
}

function group(depth: number): fc.Arbitrary<Json> {
  const modes = fc.constantFrom('sequential', 'exclusive', 'sum', 'max');
  const orders = seldom(
    fc.constantFrom('requested', 'requested', 'hierarchy', 'hierarchy', 'position'),
  );
  return fc.tuple(modes, orders).chain(([mode, orderBy]) => {
    const benefit = mode === 'sum' || mode === 'max' ? commonBenefit : orderedBenefit;
    const isAsked = orderBy === 'requested' || orderBy === 'hierarchy';
    const when = isAsked ? maybe(request) : seldom(condition);
    const leaf = promotion(benefit, when, orderBy === 'hierarchy' ? maybe(stacking) : undefined);
    const child =
      depth === 0
        ? leaf
        : fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: group(depth - 1) });
    return fc
      .record({
        group: fc.constant('?'),
        mode: fc.constant(mode),
        orderBy: fc.constant(orderBy),
        limits: seldom(nodeLimits),
        children: fc.array(child, { minLength: 1, maxLength: 4 }),
        ...(mode === 'max'
          ? {
              scope: fc.constantFrom('order', 'line'),
              combine: fc.constantFrom('any', 'any', 'none'),
            }
          : {}),
        ...(mode === 'exclusive'
          ? { decides: fc.constantFrom('per-level', 'per-level', 'across-levels') }
          : {}),
      })
      .map(withoutUndefined);
  });
}

const settings = fc.record(
  {
    rounding: fc.constantFrom('half-up', 'half-even', 'half-down', 'floor', 'ceil'),
    roundPer: fc.constantFrom('line', 'unit'),
    pointsRounding: fc.constantFrom('floor', 'half-up', 'half-even', 'ceil'),
    residual: fc.constantFrom(
      'largest-remainder',
      'half-down-first',
      'floor-first',
      'floor-last',
      'half-up-last',
      'cumulative',
    ),
    partial: fc.constantFrom('allow', 'allow', 'reject'),
    overflow: fc.constantFrom('clip', 'redistribute'),
    noEffect: fc.constantFrom('prevent', 'prevent', 'force'),
    codes: fc.constantFrom('partial', 'all'),
    neverStackable: fc.constantFrom(1, 1, 2, 3),
    neverStackablePerCategory: fc.constantFrom(1, 2),
    shortBalance: fc.constantFrom('partial', 'skip', 'reject'),
  },
  { requiredKeys: [] },
);

const accepted = fc.constantFrom<Json>(
  { percent: 0 },
  { percent: 33.3333 },
  { percent: 50, products: [{ category: 'one', percent: 0 }] },
  {
    percent: 90,
    products: [
      { sku: 'B', percent: 12.5 },
      { category: 'two', percent: 100 },
    ],
  },
  { products: [{ sku: 'A', percent: 1 }] },
  {
    products: [
      { sku: 'A', points: 3.5 },
      { category: 'one', percent: 50, points: 0.25 },
    ],
  },
);
/** How far points pay: what a partner accepts, and whether it is one of those that do. */
const acceptance: fc.Arbitrary<Json> = fc
  .record({ accepts: maybe(accepted), roles: seldom(fc.constant(['issuer'])) })
  .map(withoutUndefined);
const payUpTo = fc.record(
  { percent, points: fc.integer({ min: 0, max: 400 }) },
  { requiredKeys: [] },
);
/** The limits of payment in points of one rule set. */
const paymentLimits = fc.record({
  baker: acceptance,
  miller: acceptance,
  main: seldom(payUpTo),
  promo: seldom(payUpTo),
  /** How much maximum benefit makes of points. */
  weight: seldom(fc.constantFrom(0, 33, 250)),
});

/** What partners give and take at most; often nothing is capped. */
const partnerCaps = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Json[]>([]) },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(
      fc.record({
        of: fc.constantFrom('issued', 'accepted'),
        type: fc.constantFrom('main', 'promo'),
        points: fc.integer({ min: 0, max: 300 }),
      }),
      { maxLength: 3, selector: ({ of, type }) => `${of} ${type}` },
    ),
  },
);

/** A whole rule set with trees of up to `depth` levels of groups. */
export function ruleSets(depth = 2): fc.Arbitrary<Json> {
  return fc
    .record({ settings, categories, root: group(depth), limits: paymentLimits, caps: partnerCaps })
    .map(({ settings: chosen, categories: stacks, root, limits, caps }) => ({
      program: {
        id: 'random',
        timezone: 'Asia/Almaty',
        settings: chosen,
        categories: stacks,
      },
      pointTypes: [
        withoutUndefined({ id: 'main', payUpTo: limits.main, weight: limits.weight }),
        withoutUndefined({
          id: 'promo',
          precision: 1,
          ratio: { points: 3, money: 10 },
          payUpTo: limits.promo,
        }),
      ],
      places: [
        { id: 'kz', kind: 'country' },
        { id: 'north', kind: 'region', parent: 'kz' },
        { id: 'store-1', kind: 'store', parent: 'north', partner: 'baker' },
        { id: 'store-2', kind: 'store', parent: 'kz' },
      ],
      partners: [
        {
          id: 'baker',
          reward: { percent: 2 },
          products: [{ sku: 'A', percent: 7.5 }],
          caps,
          ...limits.baker,
        },
        { id: 'miller', reward: { percent: 4 }, caps, ...limits.miller },
      ],
      arbitration: numbered(root),
    }));
}

/** Names nodes by their place, so that ids are unique and the same for the same tree. */
function numbered(root: Json): Json {
  let promotions = 0;
  let groups = 0;
  const walk = (node: Json, isRoot: boolean): Json => {
    if (!Array.isArray(node['children'])) {
      promotions += 1;
      return { ...node, promotion: `p${promotions}` };
    }
    groups += 1;
    const id = `g${groups}`;
    const { group: _, ...rest } = node;
    const children = node['children'].map((child: Json) => walk(child, false));
    return isRoot ? { ...rest, children } : { group: id, ...rest, children };
  };
  return walk(root, true);
}

function withoutUndefined(json: Json): Json {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined));
}

const line: fc.Arbitrary<Json> = fc
  .record({
    sku: fc.constantFrom(...SKUS),
    category: fc.subarray(CATEGORIES),
    quantity: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constantFrom('0.5', '1.125', '2.75')),
    price: fc.oneof(fc.constantFrom(0, 1, 99, 1000, 1050), fc.integer({ min: 1, max: 30_000 })),
    partner: seldom(fc.constant('miller')),
    fields: seldom(
      fc.record(
        {
          floorPrice: fc.integer({ min: 1, max: 20_000 }),
          special: fc.integer({ min: 1, max: 20_000 }),
          bonus: fc.constantFrom(0.5, 1, 7),
        },
        { requiredKeys: [] },
      ),
    ),
  })
  .map(withoutUndefined);

/** A quote as a sender would write it. */
export const quotes: fc.Arbitrary<Json> = fc
  .record({
    id: fc.constant('quote'),
    kind: fc.constant('quote'),
    member: rarely(fc.constant('m')),
    store: maybe(fc.constantFrom('store-1', 'store-2')),
    channel: maybe(fc.constantFrom('web', 'pos')),
    lines: fc
      .array(line, { minLength: 1, maxLength: 5 })
      .map((list) => list.map((one, index) => ({ id: String(index + 1), ...one }))),
    delivery: fc.constantFrom(0, 0, 500, 1999),
    codes: fc.shuffledSubarray(['CODE', 'OTHER', 'THIRD']),
    pay: seldom(fc.record({ points: type, amount: fc.integer({ min: 1, max: 500 }) })),
  })
  .map(withoutUndefined);

/** Balances of the member in points of each type. */
export const balances = fc.record({
  main: fc.constantFrom(0, 7, 100, 100_000),
  promo: fc.constantFrom(0, 12.5, 5_000),
});

/** The children of main arbitration. */
export function childrenOf(document: unknown): readonly Json[] {
  const { arbitration } = document as { arbitration: { children: readonly Json[] } };
  return arbitration.children;
}

/** The same programme with another main arbitration, stripped of what depends on order. */
export function withChildren(
  document: unknown,
  { mode, children }: { mode: string; children: readonly Json[] },
): Json {
  const unordered = children.map(({ stacking: _, ...child }) => child);
  const { arbitration: __, ...programme } = document as Json;
  return { ...programme, arbitration: { mode, children: unordered } };
}

/** One group of maximum benefit with many children that get in each other's way. */
export function crowdedMaximum(children: number): fc.Arbitrary<Json> {
  const child = promotion(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ discount, target: fc.constantFrom('lines', 'order') }) },
      { weight: 1, arbitrary: fc.record({ price: fc.record({ amount }) }) },
      { weight: 1, arbitrary: fc.constant({ points: { rate: 2 } }) },
      {
        weight: 1,
        arbitrary: percent.map((value) => ({
          'pay-with-points': { percent: value, as: 'discount' },
        })),
      },
    ),
  ).map(({ channels: _, regions: __, period: ___, ...rest }) => rest);
  return fc
    .record({
      settings,
      categories,
      limits: seldom(nodeLimits),
      scope: fc.constantFrom('order', 'order', 'line'),
      children: fc.array(child, { minLength: 5, maxLength: children }),
    })
    .map(({ settings: chosen, categories: stacks, ...root }) => ({
      program: { settings: chosen, categories: stacks },
      arbitration: numbered(withoutUndefined({ mode: 'max', ...root })),
    }));
}
