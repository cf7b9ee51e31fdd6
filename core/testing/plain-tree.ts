import type { Accrual, ArbitrationInput, Decision, Redemption } from '../arbitration/decision.ts';
import type { ArbitrationTree, PointType, ReturnPolicy } from '../arbitration/tree.ts';
import { type Instant, minorUnits, points } from '../money/units.ts';

/**
 * A rule set small enough to check by hand, for tests of everything around the engine: a tenth
 * off every line, one point a whole unit of money paid, and payment with points at 1 point = 1
 * unit. `validityMilliseconds` and `credit` let lots expire and points wait.
 */
export interface PlainRules {
  readonly validityMilliseconds?: number;
  readonly creditAfterMilliseconds?: number;
  readonly hash?: string;
  readonly percentOff?: number;
  readonly lateAfter?: number;
  readonly graceDays?: number;
  readonly initialBalance?: number;
  readonly refund?: boolean;
  readonly negative?: PointType['negative'];
  readonly parkReturns?: number;
  readonly returns?: ReturnPolicy;
}

export function plainTree(rules: PlainRules = {}): ArbitrationTree {
  const type: PointType = {
    id: 'main',
    kind: 'standard',
    precision: 0,
    refund: rules.refund ?? true,
    initialBalance: points(rules.initialBalance ?? 0),
    deactivateAt: undefined,
    adjustUpTo: undefined,
    topUp: undefined,
    negative: rules.negative ?? 'unlimited',
    consumption: 'expiry',
    livesFromEarning: false,
    expiresAt: (earnedAt) =>
      rules.validityMilliseconds === undefined
        ? undefined
        : ((earnedAt + rules.validityMilliseconds) as Instant),
    moneyOf: (amount) => minorUnits(amount * 100),
  };
  return {
    hash: rules.hash ?? 'plain:1',
    programme: 'plain',
    currency: 'EUR',
    exponent: 2,
    zone: 'UTC',
    lateAfter: rules.lateAfter ?? 300_000,
    graceDays: rules.graceDays ?? 0,
    transferValidity: 'keep',
    shortBalance: 'partial',
    deducts: () => false,
    isTrigger: () => false,
    parkReturns: rules.parkReturns ?? 0,
    returnPolicyOf: () => rules.returns ?? 'keep',
    pointTypes: new Map([[type.id, type]]),
    tierGroups: [],
    place: (store) =>
      store.startsWith('s-')
        ? { store, region: 'north', country: 'xx', partner: 'shop', zone: 'UTC', currency: 'EUR' }
        : undefined,
    partnerBlocks: new Map(),
    hasPartner: (partner) => partner === 'shop',
    closedWorld: true,
    decide: (input) => ({ ok: true, decision: plainDecision(input, rules) }),
  };
}

function plainDecision(input: ArbitrationInput, rules: PlainRules): Decision {
  const { checkout, member } = input;
  const percent = rules.percentOff ?? 10;
  const discounts = checkout.lines.map((line) => Math.floor((line.gross * percent) / 100));
  const gross = sum(checkout.lines.map((line) => line.gross));
  const discount = sum(discounts);
  const wish = member && checkout.pay ? checkout.pay.amount : 0;
  const spendable = member?.points.get('main') ?? 0;
  const redeemed = Math.min(wish, spendable, Math.floor((gross - discount) / 100));
  const paid = splitEvenly(redeemed, checkout.lines.length);
  const redemptions: Redemption[] =
    redeemed === 0
      ? []
      : [
          {
            promotion: undefined,
            type: 'main',
            points: points(redeemed),
            amount: minorUnits(redeemed * 100),
            asDiscount: false,
            pointShares: paid.map(points),
            amountShares: paid.map((share) => minorUnits(share * 100)),
          },
        ];
  const payable = gross - discount - redeemed * 100 + checkout.delivery;
  return {
    totals: {
      gross: minorUnits(gross),
      discount: minorUnits(discount),
      delivery: checkout.delivery,
      deliveryDiscount: minorUnits(0),
      paidWithPoints: minorUnits(redeemed * 100),
      payable: minorUnits(payable),
    },
    lines: checkout.lines.map((line, index) => {
      const off = discounts[index] ?? 0;
      return {
        id: line.id,
        gross: line.gross,
        discount: minorUnits(off),
        net: minorUnits(line.gross - off),
        paidWithPoints: minorUnits((paid[index] ?? 0) * 100),
        awards: [{ promotion: 'tenth', benefit: 'discount', requested: off, applied: off }],
      };
    }),
    deliveryAwards: [],
    accruals: member ? accrualOf(input, payable - checkout.delivery, rules) : [],
    redemptions,
    contributions: [],
    texts: [],
    codes: [],
    notApplied: [],
    usage: [],
  };
}

function accrualOf(input: ArbitrationInput, base: number, rules: PlainRules): Accrual[] {
  const earned = Math.max(0, Math.floor(base / 100));
  if (earned === 0) return [];
  const after = rules.creditAfterMilliseconds;
  return [
    {
      promotion: 'earn',
      benefit: 'points',
      type: 'main',
      requested: points(earned),
      points: points(earned),
      credit:
        after === undefined
          ? { kind: 'at-checkout' }
          : { kind: 'at', at: (input.at + after) as Instant },
      shares: splitEvenly(earned, input.checkout.lines.length).map(points),
      issuer: 'shop',
    },
  ];
}

function splitEvenly(total: number, parts: number): number[] {
  const even = Math.floor(total / parts);
  return Array.from({ length: parts }, (_, i) => even + (i < total % parts ? 1 : 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
