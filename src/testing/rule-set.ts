/** A small programme for tests of the whole path: a tenth off toys, one point a euro paid. */
export const TEST_RULE_SET = {
  program: {
    id: 'test',
    currency: { code: 'EUR', exponent: 2 },
    timezone: 'UTC',
  },
  pointTypes: [
    {
      id: 'main',
      kind: 'standard',
      precision: 0,
      ratio: { points: 1, money: 100 },
      validity: { months: 12 },
      refund: true,
    },
    { id: 'phone', topUp: { at: 6 } },
  ],
  partners: [{ id: 'shop', roles: ['issuer', 'acceptor'] }],
  places: [
    { id: 'xx', kind: 'country' },
    { id: 'north', kind: 'region', parent: 'xx' },
    { id: 's-1', kind: 'store', parent: 'north', partner: 'shop' },
    { id: 's-2', kind: 'store', parent: 'north', partner: 'shop' },
  ],
  arbitration: {
    mode: 'sequential',
    children: [
      {
        promotion: 'toys-10',
        type: 'product-discount',
        lines: { category: { in: ['toys'] } },
        benefits: { list: [{ discount: { percent: 10 } }] },
      },
      {
        promotion: 'earn',
        type: 'points-accrual',
        benefits: { list: [{ points: { type: 'main', rate: 1 } }] },
      },
    ],
  },
};
