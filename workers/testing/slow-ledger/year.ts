import { createHash } from 'node:crypto';
import { Random } from '../../../core/testing/random.ts';
import { ComparedLedger, type Stores } from './compared-ledger.ts';
import type { Document, DocumentPromotion } from './programme.ts';
import { Scenario } from './scenario.ts';

/** From before one winter to after the next summer, over the leap day of 2028. */
export const YEAR_START = Date.UTC(2027, 6, 10);
export const YEAR_DAYS = 366;

const HOUR = 3_600_000;
const HOURS = 24;
const MEMBERS = 20;
const TRANSACTIONS_A_DAY = 8;

/** Local midnights fall on every hour of the day, and on half ones, and move twice a year. */
const PLACES = [
  { id: 'land', kind: 'country' },
  { id: 's-1', kind: 'store', parent: 'land', zone: 'America/New_York', partner: 'fuel' },
  { id: 's-2', kind: 'store', parent: 'land', zone: 'Australia/Lord_Howe', partner: 'food' },
  { id: 's-3', kind: 'store', parent: 'land', zone: 'Asia/Almaty' },
];

function documentOf(months: number, consumption: 'expiry' | 'fifo'): Document {
  const points = { refund: true, initialBalance: 0, precision: 0 };
  return {
    program: {
      id: 'year',
      timezone: 'Europe/Berlin',
      currency: { code: 'EUR', exponent: 2 },
      settings: {
        consumption,
        graceDays: 3,
        lateAfter: 'PT60M',
        parkReturns: 'PT0S',
        shortBalance: 'partial',
        transferValidity: 'keep',
        returns: 'keep',
      },
    },
    pointTypes: [
      { id: 'main', kind: 'standard', ...points, validity: { months }, negative: 'unlimited' },
      {
        ...{ id: 'promo', kind: 'standard', ...points, precision: 2, initialBalance: 50 },
        validity: { days: 20, roundUp: 'month' },
        negative: 'within-balance',
      },
      {
        ...{ id: 'status', kind: 'qualification', ...points },
        validity: { years: 1 },
        negative: 'unlimited',
        tierGroup: 'club',
      },
    ],
    tierGroups: [
      {
        ...{ id: 'club', points: 'status', model: 'cyclic', upgrade: 'immediate', clawback: false },
        period: { months: 3, align: 'entry' },
        ...{ reset: 'none', extendToMonthEnd: true, grace: 10 },
        tiers: [
          { id: 'bronze', from: 0 },
          { id: 'silver', from: 5 },
          { id: 'gold', from: 12 },
        ],
      },
    ],
    places: PLACES,
    partners: [
      { id: 'fuel', roles: ['issuer', 'acceptor'] },
      { id: 'food', roles: ['issuer', 'acceptor'] },
    ],
    arbitration: {
      mode: 'sequential',
      children: [
        promotion('tenth', 'product-discount', { discount: { percent: 10 } }),
        promotion('earn', 'points-accrual', { points: { rate: 1 } }),
        promotion('wait', 'partner-offer', { points: { rate: 2, credit: { after: 'P1M' } } }),
        promotion('later', 'points-accrual', {
          points: { fixed: 7, type: 'promo', credit: { after: 'P14D' } },
        }),
        promotion('status', 'points-accrual', { points: { fixed: 1, type: 'status' } }),
      ],
    },
  };
}

function promotion(id: string, type: string, benefit: object): DocumentPromotion {
  return { promotion: id, type, benefits: { list: [{ ...benefit }] } };
}

/** What a year leaves behind, in bytes. */
export interface YearEnd {
  readonly state: string;
  readonly chains: readonly string[];
  readonly records: number;
  /** How many entries there were of each movement. */
  readonly movements: ReadonlyMap<string, number>;
}

/** A year of a programme: a tick every six hours, business every day, and the books compared. */
export async function yearOf(seed: number, stores: Stores): Promise<YearEnd> {
  const documents = [documentOf(1, 'expiry'), documentOf(2, 'fifo')];
  const compared = new ComparedLedger(documents, 2, stores);
  const random = new Random(seed);
  const scenario = new Scenario(random, compared, { members: MEMBERS, merges: false });
  const faults = { cut: () => 1_000, again: () => 0, dies: () => false };
  for (let day = 0; day < YEAR_DAYS; day += 1) {
    const start = YEAR_START + day * HOURS * HOUR;
    if (day === 0) compared.sendToAll(() => scenario.activation(compared.versions[0]), start);
    if (day === 200) compared.sendToAll(() => scenario.activation(compared.versions[1]), start);
    for (let hour = 0; hour < HOURS; hour += 1) {
      const now = start + hour * HOUR;
      // The machine is off for two days a month: what was due then is booked late.
      if (hour % 6 === 0 && day % 30 < 28) compared.sendToAll(() => scenario.tick(now), now);
      if (random.below(HOURS) < TRANSACTIONS_A_DAY) {
        const at = now + random.below(HOUR);
        compared.send(scenario.next(at), at);
      }
    }
    await compared.advance(faults);
  }
  const end = endOf(compared);
  await compared.close();
  return end;
}

function endOf(compared: ComparedLedger): YearEnd {
  const hash = createHash('sha256');
  const movements = new Map<string, number>();
  for (const [partition, ledger] of compared.ledgers.entries()) {
    const store = compared.storeOf(partition);
    hash.update(JSON.stringify(store.meta()));
    for (const id of ledger.members.keys()) hash.update(store.member(id) ?? '');
    for (const id of ledger.sales.keys()) hash.update(store.reversal(id) ?? '');
    for (const key of ledger.counters.keys()) hash.update(store.counter(key) ?? '');
    for (const [movement, count] of ledger.movements) {
      movements.set(movement, (movements.get(movement) ?? 0) + count);
    }
  }
  return {
    state: hash.digest('hex'),
    chains: compared.ledgers.map((_, partition) => compared.storeOf(partition).meta().blockHash),
    records: compared.ledgers.reduce((sum, { records }) => sum + records, 0),
    movements,
  };
}
