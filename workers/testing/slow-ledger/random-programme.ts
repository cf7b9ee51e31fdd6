import type { Random } from '../../../core/testing/random.ts';
import type { SlowValidity } from './calendar.ts';
import type { Document, DocumentPointType, DocumentPromotion } from './programme.ts';
import type { DocumentTierGroup } from './tiers.ts';

/** Zones with every kind of daylight saving: none, an hour, half an hour, south, date line. */
export const ZONES = [
  'UTC',
  'Asia/Almaty',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'America/Havana',
] as const;

export const STORES = ['s-1', 's-2', 's-3'] as const;
export const PARTNERS = ['fuel', 'food'] as const;
export const SKUS = ['A', 'B', 'C', 'D'] as const;

export function pickOf<T>(random: Random, values: readonly T[]): T {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** Documents of one programme: its versions share members, and may differ in everything else. */
export function randomDocuments(
  random: Random,
  { versions }: { readonly versions: number },
): Document[] {
  const zone = pickOf(random, ZONES);
  return Array.from({ length: versions }, () => randomDocument(random, zone));
}

function randomDocument(random: Random, zone: string): Document {
  const policies = ['keep', 'keep', 'reevaluate', 'reevaluate', 'return-group'] as const;
  const returns = pickOf(random, policies);
  // What is left of a limit, or of a balance, is not told when a rest is decided again.
  const isPlain = returns === 'reevaluate' || random.chance(0.2);
  const promotions = randomPromotions(random, isPlain);
  return {
    program: {
      id: 'random',
      timezone: zone,
      currency: { code: 'EUR', exponent: 2 },
      settings: {
        consumption: random.chance(0.7) ? 'expiry' : 'fifo',
        parkReturns: pickOf(random, ['PT0S', 'PT6H', 'P7D'] as const),
        graceDays: random.chance(0.6) ? 0 : 1 + random.below(20),
        lateAfter: `PT${pickOf(random, [5, 60, 14_400])}M`,
        shortBalance: pickOf(random, ['partial', 'skip', 'reject']),
        transferValidity: random.chance(0.8) ? 'keep' : 'reset',
        returns,
      },
    },
    pointTypes: ['main', 'promo', 'status'].map((id) => randomPointType(random, id)),
    tierGroups: [randomTierGroup(random)],
    places: [
      { id: 'land', kind: 'country' },
      ...STORES.map((id) => ({
        id,
        kind: 'store',
        parent: 'land',
        zone: pickOf(random, ZONES),
        ...(id === 's-3' ? {} : { partner: pickOf(random, PARTNERS) }),
      })),
    ],
    partners: PARTNERS.map((id) => ({
      id,
      roles: ['issuer', 'acceptor'],
      ...(random.chance(0.2) && {
        block: { balance: 50 + random.below(900), perPoint: pickOf(random, [0.1, 1, 2.5]) },
      }),
    })),
    arbitration: {
      mode: 'sequential',
      children: [...promotions, ...randomTriggers(random)],
    },
  };
}

function randomPointType(random: Random, id: string): DocumentPointType {
  const validity = randomValidity(random);
  const isStatus = id === 'status';
  const precision = id === 'promo' ? random.below(3) : 0;
  const refund = random.chance(0.85);
  const negative = pickOf(random, [
    'unlimited',
    'unlimited',
    'within-balance',
    'only-pending',
  ] as const);
  const initialBalance = isStatus || random.chance(0.5) ? 0 : random.below(300);
  return {
    id,
    kind: isStatus ? 'qualification' : 'standard',
    precision,
    refund,
    negative,
    initialBalance,
    ...(validity && { validity }),
    // Not drawn, so that the seeds written down elsewhere go on showing what they showed.
    ...((initialBalance % 3 === 1 || !refund) && { validFrom: 'earning' }),
    ...(id === 'promo' && random.chance(0.3) && { topUp: { at: 200 + random.below(900) } }),
    ...(random.chance(0.1) && { deactivateAt: '2026-05-15' }),
    ...(isStatus && { tierGroup: 'club' }),
    ...(random.chance(0.3) && { adjustUpTo: 20 + random.below(200) }),
  };
}

function randomTierGroup(random: Random): DocumentTierGroup {
  const first = random.chance(0.8) ? 0 : 3;
  const align = pickOf(random, ['calendar', 'entry'] as const);
  return {
    id: 'club',
    points: 'status',
    model: pickOf(random, ['cumulative', 'cyclic', 'cyclic', 'dynamic']),
    period: { months: pickOf(random, [1, 1, 2, 3]), align },
    upgrade: pickOf(random, ['immediate', 'immediate', 'at-period-end']),
    reset: pickOf(random, ['none', 'at-period-end', { months: 1 }, { months: 2 }] as const),
    extendToMonthEnd: random.chance(0.3),
    clawback: random.chance(0.4),
    grace: pickOf(random, [0, 0, 5, 20]),
    tiers: [
      { id: 'bronze', from: first },
      { id: 'silver', from: 6 + random.below(10) },
      { id: 'gold', from: 20 + random.below(40) },
    ],
  };
}

function randomValidity(random: Random): SlowValidity | undefined {
  if (random.chance(0.2)) return undefined;
  if (random.chance(0.05)) return { through: '2026-07-31' };
  const length = pickOf(random, [
    { days: random.below(40) },
    { weeks: 1 + random.below(5) },
    { months: 1 + random.below(6) },
    { months: 1, days: random.below(10) },
    { years: 1 },
  ]);
  const roundUp = pickOf(random, ['month', 'quarter', 'half-year', 'year'] as const);
  return random.chance(0.3) ? { ...length, roundUp } : length;
}

function randomPromotions(random: Random, isPlain: boolean): DocumentPromotion[] {
  const paying = payments(random);
  const all = [
    { type: 'product-discount', benefit: { discount: { percent: 1 + random.below(60) } } },
    { type: 'order-discount', benefit: { discount: { amount: random.below(2_000) } } },
    {
      type: 'order-discount',
      benefit: { discount: { percent: 10 } },
      when: { 'total.initial': { atLeast: random.below(12_000) } },
    },
    {
      type: 'product-discount',
      benefit: { discount: { percent: 50 } },
      lines: { order: 'cheapest-first', take: 1, every: 2, count: 'lines' },
    },
    { type: 'points-accrual', benefit: points(random, { rate: 1 + random.below(5) }) },
    { type: 'points-accrual', benefit: points(random, { rate: 1, type: 'promo' }) },
    { type: 'points-accrual', benefit: points(random, { fixed: 1 + random.below(40) }) },
    { type: 'points-accrual', benefit: points(random, { fixed: 3, type: 'status' }) },
    { type: 'partner-offer', benefit: points(random, { every: { spend: 700, points: 11 } }) },
    { type: 'partner-offer', benefit: points(random, { rate: 2, type: 'promo' }) },
    {
      type: 'points-payment',
      benefit: paying.benefit,
      more: paying.more,
    },
  ];
  return all
    .filter(({ type }) => random.chance(0.6) && !(isPlain && type === 'points-payment'))
    .map(({ benefit, more, ...rest }, index) => ({
      promotion: `p${index}`,
      ...(random.chance(0.4) && { lines: { sku: { in: ['A', 'B'] } } }),
      ...rest,
      ...(!isPlain && random.chance(0.4) && { limits: randomLimits(random) }),
      ...(isPlain && random.chance(0.3) && { returns: pickOf(random, POLICIES) }),
      ...(random.chance(isPlain ? 0.4 : 0.15) && { hours: [{ from: '06:00', to: '18:00' }] }),
      benefits: { list: [{ ...benefit }, ...(more ?? [])] },
    }));
}

/** Points that pay, and now and then once more by the same promotion. */
function payments(random: Random) {
  const about = {
    type: pickOf(random, ['main', 'promo']),
    as: pickOf(random, ['payment', 'discount']),
  };
  const again = { 'pay-with-points': { amount: 1 + random.below(2_000), ...about } };
  return {
    benefit: { 'pay-with-points': { percent: 1 + random.below(90), ...about } },
    more: random.chance(0.5) ? [again] : [],
  };
}

/** Two promotions may wait for the same event; one may give what the other takes. */
function randomTriggers(random: Random): DocumentPromotion[] {
  const taken = pickOf(random, ['main', 'main', 'promo', 'status']);
  return ['visit', 'review', 'complaint', 'complaint'].map((event, index) => {
    const isSame = event === 'complaint' && random.chance(0.8);
    const type = isSame ? taken : pickOf(random, ['main', 'promo', 'status']);
    const from = 1 + random.below(9);
    const amount = event === 'review' ? { range: { from, to: 30 } } : { fixed: from * 20 };
    return {
      ...{ promotion: `on-${event}-${index}`, type: 'trigger', when: { 'event.type': event } },
      ...(event === 'complaint' && random.chance(0.8) && { deducts: true }),
      benefits: { list: [{ points: { ...amount, type } }] },
    };
  });
}

const POLICIES = ['keep', 'reevaluate', 'return-group'] as const;

function points(random: Random, amount: object): object {
  const credit = pickOf(random, [
    'at-checkout',
    'at-checkout',
    'on-delivery',
    { after: `P${1 + random.below(40)}D` },
    { at: '2026-05-31' },
  ]);
  return { points: { ...amount, credit } };
}

function randomLimits(random: Random): object {
  const per = pickOf(random, ['day', 'week', 'month', 'year']);
  if (random.chance(0.5)) return { perMember: { uses: 1 + random.below(4), per } };
  const period = random.chance(0.5) ? { per: pickOf(random, ['day', 'week', 'month']) } : {};
  const scarce = random.chance(0.4) ? 6 : 50;
  const budget = { points: 500 + random.below(5_000), uses: 3 + random.below(scarce), ...period };
  return { budget };
}

/** The same programme, of which partitions share nothing. */
export function withoutBudgets(document: Document): Document {
  const { arbitration } = document;
  const children = arbitration.children.map(({ limits, ...rest }) => {
    const isShared = Object(limits).budget !== undefined;
    return { ...rest, ...(limits !== undefined && !isShared && { limits }) };
  });
  const partners = document.partners.map(({ block: _paid, ...rest }) => rest);
  return { ...document, partners, arbitration: { ...arbitration, children } };
}
