import { describe, expect, test } from 'vitest';
import { documentWith, normalRules, onlyPromotion } from '../testing/rule-cases.ts';

const body = (promotion: Record<string, unknown>, more = {}) =>
  onlyPromotion(normalRules(documentWith(promotion, more))).body;
const gives = (benefit: unknown, more = {}) =>
  body({ benefits: { list: [benefit] } }, more).benefits[0];

describe('benefits in their units', () => {
  const points = {
    pointTypes: [
      { id: 'gold', precision: 2 },
      { id: 'status', kind: 'qualification' },
    ],
  };

  test.each([
    [{ discount: { percent: '0.0001' } }, { by: 'percent', percent: 1 }],
    [{ discount: 20 }, { by: 'percent', percent: 200_000 }],
    [{ discount: { amount: 500 } }, { by: 'amount', amount: 500, per: 'subtotal' }],
    [
      { discount: { amount: 500, target: 'order' } },
      { by: 'amount', amount: 500, per: 'split-amount' },
    ],
    [
      { price: { field: 'wholesale', factor: 0.75 } },
      { by: 'field', field: 'wholesale', factor: 750_000, plus: 0 },
    ],
    [{ points: { fixed: 1.5 } }, { by: 'fixed', points: 150 }],
    // 4 points a major unit = 400 steps for 100 minor units.
    [{ points: { rate: 4 } }, { by: 'rate', rate: { numerator: 4, denominator: 1 } }],
    [{ points: { rate: '0.05' } }, { by: 'rate', rate: { numerator: 1, denominator: 20 } }],
    [
      { points: { every: { spend: 150_000, points: 200 } } },
      { by: 'every', spend: 150_000, points: 20_000, continuous: false },
    ],
    [{ 'pay-with-points': { points: '12.34' } }, { by: 'points', points: 1_234 }],
  ])('%j', (benefit, value) => {
    expect(gives(benefit, points)).toMatchObject({ value });
  });

  test('the first standard type is meant when none is named', () => {
    expect(gives({ points: { fixed: 1 } }, points)).toMatchObject({ type: 'gold' });
    expect(gives({ points: { fixed: 1 } })).toMatchObject({ type: 'main' });
  });

  test('target, lines and times may stand beside the kind or inside it', () => {
    const bundle = [{ sku: 'A', quantity: 2 }];
    const inside = gives({ discount: { percent: 5, lines: { bundle }, times: 'bundles' } });
    const beside = gives({ discount: { percent: 5 }, lines: { bundle }, times: 'bundles' });
    expect(beside).toEqual(inside);
    expect(inside).toMatchObject({ timesBundles: true });
  });

  test('the scope of a benefit narrows that of its promotion', () => {
    const found = body({
      lines: { category: 'toys' },
      benefits: { list: [{ discount: { percent: 5, lines: { sku: 'A', take: 1 } } }] },
    });
    expect(found.lines).toMatchObject([{ where: { fact: 'category' } }]);
    expect(found.benefits[0]?.lines).toMatchObject([
      {
        where: { kind: 'all', parts: [{ fact: 'category' }, { fact: 'sku' }] },
        ranking: { take: 1 },
      },
    ]);
  });
});

describe('regional parameters', () => {
  const places = [
    { id: 'kz', kind: 'country' },
    { id: 'almaty', kind: 'region', parent: 'kz' },
    { id: 'almaty-1', kind: 'store', parent: 'almaty' },
  ];
  const withParameters = (given: unknown) =>
    onlyPromotion(
      normalRules(
        documentWith(
          { regions: { with: given }, limits: { unitsPerOrder: 3 }, period: { end: '2027-01-01' } },
          { places },
        ),
      ),
    );

  test('are inherited, and the most specific wins', () => {
    const { variants } = withParameters({
      kz: { percent: 20, unitsPerOrder: 5 },
      'almaty-1': { percent: 30 },
    });
    expect(variants.map(({ place }) => place)).toEqual(['almaty-1', 'kz']);
    expect(variants[0]?.body).toMatchObject({
      benefits: [{ value: { percent: 300_000 } }],
      limits: { unitsPerOrder: 5_000 },
      period: { end: { date: '2027-01-01' } },
    });
    expect(variants[1]?.body).toMatchObject({ benefits: [{ value: { percent: 200_000 } }] });
  });

  test('may replace whole parts', () => {
    const { variants } = withParameters({
      almaty: { when: { channel: 'web' }, limits: { budget: { uses: 1 } } },
    });
    expect(variants[0]?.body).toMatchObject({
      when: { fact: 'channel' },
      limits: { unitsPerOrder: 3_000, budget: { uses: 1 } },
    });
  });
});

test('places inherit zone and partner from the nearest that has them', () => {
  const rules = normalRules({
    program: { timezone: 'Asia/Almaty' },
    places: [
      { id: 'de', kind: 'country', zone: 'Europe/Berlin', partner: 'shop' },
      { id: 'berlin', kind: 'region', parent: 'de' },
      { id: 'b-1', kind: 'store', parent: 'berlin', partner: 'kiosk' },
    ],
  });
  expect(rules.places.find(({ id }) => id === 'b-1')).toMatchObject({
    zone: 'Europe/Berlin',
    partner: 'kiosk',
    path: ['b-1', 'berlin', 'de'],
  });
  expect(rules.places.find(({ id }) => id === 'berlin')).toMatchObject({ partner: 'shop' });
});

test('tiers from a rank upwards are the tiers that pass', () => {
  const tiers = ['bronze', 'silver', 'gold'].map((id, rank) => ({ id, from: rank }));
  const more = {
    pointTypes: [{ id: 'main' }, { id: 'status', kind: 'qualification' }],
    tierGroups: [{ id: 'club', points: 'status', tiers }],
  };
  expect(body({ when: { 'member.tier': { atLeast: 'silver' } } }, more).when).toMatchObject({
    test: { operator: 'in', values: ['gold', 'silver'] },
  });
  expect(body({ when: { 'member.tier': { above: 'gold' } } }, more).when).toEqual({
    kind: 'never',
  });
});

test('inactive groups, drafts and empty groups are not in the tree', () => {
  const promotion = (name: string, state = 'active') => ({
    promotion: name,
    state,
    benefits: { list: [{ discount: 5 }] },
  });
  const rules = normalRules({
    arbitration: {
      children: [
        { group: 'off', state: 'archived', children: [promotion('a')] },
        { group: 'empty' },
        { group: 'on', children: [promotion('b'), promotion('c', 'ended')] },
      ],
    },
  });
  expect(rules.promotions.map(({ id }) => id)).toEqual(['b']);
  expect(rules.root.children).toHaveLength(1);
  expect(rules.dormant).toEqual([
    { id: 'a', type: 'product-discount', state: 'inactive' },
    { id: 'c', type: 'product-discount', state: 'ended' },
  ]);
});

test('a document without anything has the defaults of the language', () => {
  const rules = normalRules({});
  expect(rules.programme).toEqual({ id: 'programme', currency: 'XXX', exponent: 2, zone: 'UTC' });
  expect(rules.pointTypes).toMatchObject([
    { id: 'main', ratio: { points: 1, money: 100 }, refund: true },
  ]);
  expect(rules.settings).toMatchObject({
    rounding: 'half-up',
    residual: 'largest-remainder',
    lateAfter: 300_000,
  });
});
