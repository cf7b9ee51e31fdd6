import type { Accrual, Decision, LineDecision } from '../arbitration/decision.ts';
import type { LedgerRecord } from '../ledger/record.ts';
import {
  acceptedAccount,
  BREAKAGE,
  heldAccount,
  issuedAccount,
  memberAccount,
  pendingAccount,
  TOP_UP,
  type Transfer,
} from '../ledger/transfer.ts';
import { instant, minorUnits, points, thousandths } from '../money/units.ts';
import type { Outcome, ReversalTotals } from '../outcome/outcome.ts';
import type { Checkout, OrderLine } from '../transaction/transaction.ts';
import { Random } from './random.ts';

/** 2026-11-21T00:00:00Z. */
const START = 1_795_219_200_000;
const RULE_SET = { version: 12, hash: 'b3:5f1d7c9a' };
const FIRST_KIND_OTHER = 0.86;

export interface TrafficShape {
  readonly seed: number;
  /** Lines of each checkout; a random number up to ten when absent. */
  readonly lines?: number;
  /** Checkouts only: what the benchmarks measure. */
  readonly checkoutsOnly?: boolean;
}

/**
 * Believable ledger records of one partition, each made from the seed, the partition and its
 * sequence alone, so that any range can be made again without keeping it.
 */
export function ledgerRecord(
  shape: TrafficShape,
  partition: number,
  sequence: number,
): LedgerRecord {
  const random = new Random(shape.seed + partition * 7_919 + sequence * 104_729);
  const acceptedAt = instant(START + sequence * 40 + random.below(40));
  const country = random.chance(0.7) ? 'kz' : 'uz';
  const region = `${country}-${random.below(27)}`;
  const base = {
    sequence,
    streamSequence: sequence,
    id: `till-${random.below(900)}/2026-11-21/${partition}-${sequence}`,
    member: `m-${random.below(100_000)}`,
    store: `${region}-${random.below(12)}`,
    region,
    country,
    partner: `partner-${random.below(12)}`,
    channel: random.chance(0.8) ? 'pos' : 'web',
    currency: country === 'kz' ? 'KZT' : 'UZS',
    occurredAt: instant(acceptedAt - random.below(3_000)),
    acceptedAt,
  };
  const choice = shape.checkoutsOnly === true ? 0 : random.next();
  if (choice < FIRST_KIND_OTHER) {
    const sold = checkoutRecord(base, random, shape.lines);
    if (shape.checkoutsOnly === true) return sold;
    const how = random.next();
    if (how < 0.08) return holdRecord(base, sold);
    return how < 0.14 ? captureRecord(base, sold) : sold;
  }
  if (choice < 0.93) return returnRecord(base, random);
  if (choice < 0.97) return rejectedRecord(base);
  return tickRecord(base, random);
}

type Base = Omit<LedgerRecord, 'kind' | 'outcome' | 'transfers' | 'transaction'>;

function checkoutRecord(base: Base, random: Random, lineCount?: number): LedgerRecord {
  const lines = Array.from({ length: lineCount ?? 1 + random.below(10) }, (_, index) =>
    orderLine(random, index),
  );
  const decided = lines.map((line, index) => lineDecision(random, line, index));
  const decision = decisionOf(random, decided);
  return {
    ...base,
    kind: 'checkout',
    transaction: checkoutOf(base, lines),
    outcome: accepted(base.id, { decision }),
    transfers: [...accrualTransfers(base, decision), ...redemptionTransfers(base, decision)],
  };
}

const HOLD_MILLISECONDS = 900_000;

/** The checkout is not final yet: its points are set aside, and nothing is earned. */
function holdRecord(base: Base, sold: LedgerRecord): LedgerRecord {
  const { transaction: checkout, outcome } = sold;
  if (checkout?.kind !== 'checkout' || outcome.status !== 'accepted') return sold;
  const { id, member } = base;
  const until = instant(base.acceptedAt + HOLD_MILLISECONDS);
  return {
    ...base,
    kind: 'hold',
    transaction: { kind: 'hold', id, member, holdFor: HOLD_MILLISECONDS, checkout },
    outcome: { ...outcome, hold: { id, state: 'open', until } },
    transfers: sold.transfers
      .filter(({ movement }) => movement === 'redemption')
      .map((spent) => ({ ...spent, movement: 'hold', to: heldAccount(member) })),
  };
}

/** The checkout of an earlier hold becomes final. */
function captureRecord(base: Base, sold: LedgerRecord): LedgerRecord {
  const { transaction: checkout, outcome } = sold;
  if (checkout?.kind !== 'checkout' || outcome.status !== 'accepted') return sold;
  const { id, member, occurredAt } = base;
  const hold = `${id}/hold`;
  const until = instant(base.acceptedAt + HOLD_MILLISECONDS);
  return {
    ...base,
    kind: 'capture',
    transaction: { kind: 'capture', id, member, hold, lines: undefined, occurredAt },
    sale: checkout,
    outcome: { ...outcome, hold: { id: hold, state: 'captured', until } },
    transfers: sold.transfers.map((moved) =>
      moved.movement === 'redemption' ? { ...moved, from: heldAccount(member) } : moved,
    ),
  };
}

function orderLine(random: Random, index: number): OrderLine {
  const price = minorUnits(9_900 + random.below(400) * 100);
  const quantity = random.chance(0.2) ? 1_000 + random.below(40_000) : 1_000;
  return {
    id: String(index + 1),
    sku: `SKU-${random.below(5_000)}`,
    category: [`category-${random.below(40)}`],
    brand: random.chance(0.5) ? `brand-${random.below(200)}` : undefined,
    partner: undefined,
    quantity: thousandths(quantity),
    price,
    gross: minorUnits(Math.round((price * quantity) / 1_000)),
    flags: [],
    fields: new Map(),
  };
}

function lineDecision(random: Random, line: OrderLine, index: number): LineDecision {
  const requested = index < 2 ? Math.floor((line.gross * (1 + random.below(20))) / 100) : 0;
  const discount = minorUnits(random.chance(0.1) ? Math.floor(requested / 2) : requested);
  const promotion = `discount-${random.below(6)}`;
  const awards =
    requested === 0 ? [] : [{ promotion, benefit: 'discount', requested, applied: discount }];
  const net = minorUnits(line.gross - discount);
  return {
    id: line.id,
    gross: line.gross,
    discount,
    net,
    paidWithPoints: minorUnits(0),
    awards,
  };
}

function decisionOf(random: Random, lines: readonly LineDecision[]): Decision {
  const gross = lines.reduce((sum, line) => sum + line.gross, 0);
  const discount = lines.reduce((sum, line) => sum + line.discount, 0);
  const net = gross - discount;
  const redeemed = random.chance(0.2) ? Math.floor(net / 1_000) : 0;
  return {
    totals: {
      gross: minorUnits(gross),
      discount: minorUnits(discount),
      delivery: minorUnits(0),
      deliveryDiscount: minorUnits(0),
      paidWithPoints: minorUnits(redeemed * 100),
      payable: minorUnits(net - redeemed * 100),
    },
    lines,
    deliveryAwards: [],
    accruals: [accrual(random, net), ...(random.chance(0.3) ? [accrual(random, net)] : [])],
    redemptions: redeemed === 0 ? [] : [redemption(redeemed, lines.length)],
    contributions: [],
    texts: [],
    codes: [],
    notApplied: [{ promotion: 'spring', reason: 'period-ended' }],
    usage: [],
  };
}

function accrual(random: Random, net: number): Accrual {
  const granted = points(1 + Math.floor(net / 10_000));
  return {
    promotion: `points-${random.below(4)}`,
    benefit: 'points',
    type: random.chance(0.8) ? 'main' : 'status',
    requested: granted,
    points: granted,
    credit: random.chance(0.9) ? { kind: 'at-checkout' } : { kind: 'on-delivery' },
    shares: [granted],
    issuer: undefined,
  };
}

function redemption(spent: number, lines: number): Decision['redemptions'][number] {
  return {
    promotion: undefined,
    type: 'main',
    points: points(spent),
    amount: minorUnits(spent * 100),
    asDiscount: false,
    pointShares: Array.from({ length: lines }, (_, index) => points(index === 0 ? spent : 0)),
    amountShares: Array.from({ length: lines }, (_, index) =>
      minorUnits(index === 0 ? spent * 100 : 0),
    ),
  };
}

function checkoutOf(base: Base, lines: readonly OrderLine[]): Checkout {
  return {
    kind: 'checkout',
    id: base.id,
    member: base.member,
    card: undefined,
    store: base.store,
    partner: base.partner,
    channel: base.channel,
    occurredAt: base.occurredAt,
    currency: base.currency,
    lines,
    delivery: minorUnits(0),
    codes: [],
    pay: undefined,
    tender: undefined,
    location: undefined,
    fields: new Map(),
  };
}

function accrualTransfers(base: Base, { accruals }: Decision): Transfer[] {
  return accruals.map((one) => ({
    movement: 'accrual',
    from: issuedAccount(one.issuer),
    to:
      one.credit.kind === 'at-checkout' ? memberAccount(base.member) : pendingAccount(base.member),
    unit: one.type,
    points: one.points,
    promotion: one.promotion,
    lot: `${base.sequence}`,
    balance: points(base.sequence),
  }));
}

/** Takes from two lots where there is enough to split. */
function redemptionTransfers(base: Base, { redemptions }: Decision): Transfer[] {
  return redemptions.flatMap((one) => {
    const first = Math.ceil(one.points / 2);
    return [first, one.points - first]
      .filter((part) => part > 0)
      .map((part, lot) => move(base, { movement: 'redemption', points: part, lot: `lot-${lot}` }));
  });
}

const DESTINATIONS: { readonly [movement in Part['movement']]?: string } = {
  expiry: BREAKAGE,
  'top-up': TOP_UP,
};

interface Part {
  readonly movement: 'redemption' | 'expiry' | 'accrual-reversal' | 'top-up';
  readonly points: number;
  readonly lot: string;
}

function move(base: Base, part: Part): Transfer {
  return {
    movement: part.movement,
    from: memberAccount(base.member),
    to: DESTINATIONS[part.movement] ?? acceptedAccount(base.partner),
    unit: 'main',
    points: points(part.points),
    promotion: part.movement === 'redemption' ? '' : 'points-1',
    lot: part.lot,
    balance: points(part.points),
  };
}

function returnRecord(base: Base, random: Random): LedgerRecord {
  const gross = minorUnits(10_000 + random.below(50_000));
  const reversal: ReversalTotals = {
    checkout: `till-1/2026-11-20/${base.sequence}`,
    lines: [
      {
        line: '1',
        quantity: 1_000,
        gross,
        discount: minorUnits(Math.floor(gross / 10)),
        paidWithPoints: minorUnits(0),
        goods: { sku: 'TEA', category: 'drinks', brand: 'leaf', partner: '', price: gross },
        awards: [
          { promotion: 'spring', benefit: 'discount', amount: minorUnits(Math.floor(gross / 10)) },
        ],
      },
    ],
    delivery: minorUnits(0),
    deliveryDiscount: minorUnits(0),
    contributions: [],
  };
  return {
    ...base,
    kind: 'return',
    transaction: {
      kind: 'return',
      id: base.id,
      member: base.member,
      checkout: reversal.checkout,
      lines: [{ id: '1', quantity: thousandths(1_000) }],
      store: base.store,
      occurredAt: base.occurredAt,
    },
    outcome: accepted(base.id, { reversal }),
    transfers: [move(base, { movement: 'accrual-reversal', points: 3, lot: 'lot-1' })],
  };
}

function rejectedRecord(base: Base): LedgerRecord {
  return {
    ...base,
    kind: 'unreadable',
    member: '',
    store: '',
    region: '',
    country: '',
    partner: '',
    channel: '',
    currency: '',
    transaction: undefined,
    outcome: {
      status: 'rejected',
      id: base.id,
      ruleSet: undefined,
      reason: 'malformed-json',
      path: '',
      message: 'The bytes are no JSON.',
    },
    transfers: [],
  };
}

function tickRecord(base: Base, random: Random): LedgerRecord {
  const count = random.below(4);
  return {
    ...base,
    kind: 'tick',
    member: '',
    store: '',
    region: '',
    country: '',
    partner: '',
    channel: '',
    currency: '',
    transaction: { kind: 'tick', id: base.id, at: base.acceptedAt },
    outcome: accepted(base.id, {}),
    transfers: [
      ...Array.from({ length: count }, (_, lot) =>
        move(base, { movement: 'expiry', points: 1 + lot, lot: `lot-${lot}` }),
      ),
      // What is neither issued nor spent: points that left for a phone, points that came along.
      { ...move(base, { movement: 'top-up', points: 6, lot: 'lot-1' }), promotion: '' },
      ...(random.chance(0.5) ? [importTransfer(base)] : []),
    ],
  };
}

function importTransfer(base: Base): Transfer {
  return {
    movement: 'import',
    from: issuedAccount('partner-1'),
    to: memberAccount(base.member),
    unit: 'main',
    points: points(11),
    promotion: '',
    balance: points(11),
    lot: 'partner-1@never',
  };
}

function accepted(
  id: string,
  parts: { readonly decision?: Decision; readonly reversal?: ReversalTotals },
): Outcome {
  return {
    status: 'accepted',
    id,
    ruleSet: RULE_SET,
    late: false,
    decision: parts.decision,
    reversal: parts.reversal,
    points: [],
    tiers: [],
    parked: undefined,
    details: new Map(),
  };
}
