import { afterEach, beforeEach, expect, test } from 'vitest';
import { OpenLedger } from '../read-only/open-ledger.ts';
import { TEST_RULE_SET } from '../testing/rule-set.ts';
import { ScratchLedger } from '../testing/scratch-ledger.ts';
import { replayDecision } from './replay-decision.ts';

const LINES = [
  { id: '1', sku: 'BALL', category: ['toys'], quantity: 1, price: 10_000 },
  { id: '2', sku: 'MILK', quantity: 3, price: 150 },
];
const ORDER = { store: 's-1', currency: 'EUR', lines: LINES };

const [toys, earn] = TEST_RULE_SET.arbitration.children;
const withChildren = (...children: unknown[]) => ({
  ...TEST_RULE_SET,
  arbitration: { ...TEST_RULE_SET.arbitration, children },
});
/** Twice the discount, once a member and five times for all. */
const LIMITED = withChildren(
  {
    ...toys,
    benefits: { list: [{ discount: { percent: 20 } }] },
    limits: { perMember: { uses: 1, per: 'year' }, budget: { uses: 5 } },
  },
  earn,
);

let ledger: ScratchLedger;
let open: OpenLedger;

beforeEach(() => {
  ledger = new ScratchLedger(2);
  ledger.activate(TEST_RULE_SET);
});

afterEach(async () => {
  await open?.close();
  await ledger.close();
  ledger.remove();
});

const members = Array.from({ length: 5 }, (_, number) => `m-${number}`);
const ids: string[] = [];

function send(transaction: { id: string } & Record<string, unknown>): void {
  ledger.send(transaction);
  ids.push(transaction.id);
}

/** A little of everything that members do. */
function trade(round: number): void {
  for (const member of members) {
    if (round === 0) send({ id: `enrol/${member}`, kind: 'enrol', member });
    const buy = `buy/${round}/${member}`;
    const pay = { points: 'main', amount: 7 };
    send({ id: buy, kind: 'checkout', member, ...ORDER, ...(round > 0 ? { pay } : {}) });
    if (round === 1) {
      const lines = [{ id: '2', quantity: 1 }];
      send({ id: `return/${member}`, kind: 'return', member, checkout: buy, lines });
      send({ id: `hold/${member}`, kind: 'hold', member, ...ORDER, holdFor: 'PT1H' });
    }
  }
  send({ id: `anonymous/${round}`, kind: 'checkout', ...ORDER });
  ledger.tick();
}

test('every past transaction is decided again, byte by byte, through changes of version', () => {
  ids.length = 0;
  trade(0);
  ledger.activate(withChildren(toys, { ...earn, benefits: { list: [{ points: { rate: 3 } }] } }));
  trade(1);
  ledger.activate(LIMITED);
  trade(2);
  trade(3);
  ledger.activate(TEST_RULE_SET);
  trade(4);
  open = OpenLedger.open(ledger.path);
  const before = ledger.stateHash();
  for (const transaction of ids) {
    expect(replayDecision(open, { transaction })).toMatchObject({
      transaction,
      isEqual: true,
      differences: [],
    });
  }
  expect(ledger.stateHash()).toBe(before);
});

test('only what can concern the member is folded, unless members share a budget', () => {
  trade(0);
  trade(1);
  ledger.activate(LIMITED);
  trade(2);
  open = OpenLedger.open(ledger.path);
  const alone = replayDecision(open, { transaction: 'buy/1/m-3' });
  const shared = replayDecision(open, { transaction: 'buy/2/m-3' });
  expect(alone.folded).toBeLessThan(12);
  expect(shared.folded).toBeGreaterThan(12);
});

test('another version shows what it would have decided', () => {
  trade(0);
  trade(1);
  const hash = ledger.store(LIMITED);
  open = OpenLedger.open(ledger.path);
  const replayed = replayDecision(open, { transaction: 'buy/1/m-3', version: '2' });
  expect(replayed).toMatchObject({ ruleSet: { version: 2, hash }, isEqual: true });
  expect(replayed.differences).toContain('totals discount 1000 → 2000');
  expect(replayed.recorded).toMatchObject({ totals: { discount: 1_000 } });
  expect(replayed.replayed).toMatchObject({ totals: { discount: 2_000 } });
  expect(replayDecision(open, { transaction: 'buy/1/m-3', version: '1' }).differences).toEqual([]);
});

test('what is not there is told', () => {
  open = OpenLedger.open(ledger.path);
  expect(() => replayDecision(open, { transaction: 'nothing' })).toThrow(/no transaction/);
});
