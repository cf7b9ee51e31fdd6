import { describe, expect, it } from 'vitest';
import { NOON, TestLedger } from '../testing/ledger.ts';
import type { PlainRules } from '../testing/plain-tree.ts';
import { plainTree } from '../testing/plain-tree.ts';
import { HOLDS_PER_MEMBER_MAX } from './hold.ts';
import type { LedgerRecord } from './record.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const basket = (price: number) => ({
  member: 'm',
  store: 's-1',
  lines: [{ id: '1', sku: 'TOY', quantity: 2, price }],
});

function ledgerWith(points: number, rules: PlainRules = {}): TestLedger {
  const ledger = new TestLedger(plainTree({ percentOff: 0, ...rules, initialBalance: points }));
  ledger.when({ id: 'enrol', kind: 'enrol', member: 'm' });
  return ledger;
}

function hold(ledger: TestLedger, id: string, amount: number, more = {}): LedgerRecord {
  const pay = { points: 'main', amount };
  return ledger.when({ id, kind: 'hold', ...basket(50_000), pay, ...more });
}

const refusal = ({ outcome }: LedgerRecord) =>
  outcome.status === 'rejected' ? outcome.reason : 'accepted';
const rowOf = ({ outcome }: LedgerRecord) =>
  outcome.status === 'accepted' ? outcome.points[0] : undefined;

describe('a hold', () => {
  it('sets points aside: nobody else can spend them, and they are not spent yet', () => {
    const ledger = ledgerWith(500);
    expect(rowOf(hold(ledger, 'h', 400))).toMatchObject({ before: 500, held: 400, after: 100 });
    expect(ledger.entrySum('member:m')).toBe(100);
    expect(ledger.entrySum('held:m')).toBe(400);
    expect(ledger.entrySum('accepted:shop')).toBe(0);

    const pay = { points: 'main', amount: 400 };
    const other = ledger.when({ id: 'c', kind: 'checkout', ...basket(50_000), pay });
    expect(rowOf(other)).toMatchObject({ redeemed: 100 });
  });

  it('earns nothing and counts as no purchase until it is captured', () => {
    const ledger = ledgerWith(0);
    hold(ledger, 'h', 0);
    expect(ledger.entrySum('member:m')).toBe(0);
    expect(ledger.state.member('m')?.checkouts).toBe(0);
    const captured = ledger.when({ id: 'c', kind: 'capture', member: 'm', hold: 'h' });
    expect(rowOf(captured)).toMatchObject({ accrued: 1000 });
    expect(ledger.state.member('m')?.checkouts).toBe(1);
  });

  it('is captured exactly as it was decided, whatever happened meanwhile', () => {
    const ledger = ledgerWith(500);
    const held = hold(ledger, 'h', 400);
    ledger.when({ id: 'a', kind: 'adjust', member: 'm', type: 'main', amount: -100 });
    const captured = ledger.when({ id: 'c', kind: 'capture', member: 'm', hold: 'h' });

    expect(rowOf(captured)).toMatchObject({ before: 0, redeemed: 400, held: -400, accrued: 600 });
    expect(ledger.entrySum('held:m')).toBe(0);
    expect(ledger.entrySum('accepted:shop')).toBe(400);
    expect(captured.outcome).toMatchObject({
      decision: held.outcome.status === 'accepted' ? held.outcome.decision : {},
      hold: { id: 'h', state: 'captured' },
    });
  });

  it('gives points back to their lots when it is released', () => {
    const ledger = ledgerWith(500, { validityMilliseconds: 30 * DAY });
    const before = structuredClone(ledger.state.member('m')?.accounts.get('main')?.lots);
    hold(ledger, 'h', 500);
    expect(ledger.state.member('m')?.accounts.get('main')?.lots).toEqual([]);
    const released = ledger.when({ id: 'r', kind: 'release', member: 'm', hold: 'h' });
    expect(rowOf(released)).toMatchObject({ before: 0, held: -500, after: 500 });
    expect(ledger.state.member('m')?.accounts.get('main')?.lots).toEqual(before);
    expect(ledger.state.member('m')?.holds).toEqual([]);
  });

  it('reserves nothing once its time is over, even before a tick', () => {
    const ledger = ledgerWith(500);
    hold(ledger, 'h', 500, { holdFor: 'PT10M' });
    ledger.now = NOON + 10 * MINUTE;
    const pay = { points: 'main', amount: 500 };
    const sold = ledger.when({ id: 'c', kind: 'checkout', ...basket(50_000), pay });
    expect(rowOf(sold)).toMatchObject({ before: 0, held: -500, redeemed: 500 });
    expect(refusal(ledger.when({ id: 'x', kind: 'capture', member: 'm', hold: 'h' }))).toBe(
      'hold-expired',
    );
  });

  it('is ended by a tick when nobody else comes', () => {
    const ledger = ledgerWith(500);
    hold(ledger, 'h', 500);
    ledger.now = NOON + 15 * MINUTE;
    const tick = ledger.when({ id: 't', kind: 'tick', at: new Date(ledger.now).toISOString() });
    expect(tick.transfers).toMatchObject([{ movement: 'hold-expiry', points: 500 }]);
    expect(ledger.entrySum('member:m')).toBe(500);
  });

  it('keeps its points from expiring while it is open, and lets them expire at its end', () => {
    const ledger = ledgerWith(500, { validityMilliseconds: DAY });
    hold(ledger, 'h', 300, { holdFor: 'P2D' });
    ledger.now = NOON + DAY + 1;
    ledger.when({ id: 't', kind: 'tick', at: new Date(ledger.now).toISOString() });
    expect(ledger.entrySum('breakage')).toBe(200);
    const released = ledger.when({ id: 'r', kind: 'release', member: 'm', hold: 'h' });
    expect(rowOf(released)).toMatchObject({ before: 0, held: -300, expired: 300, after: 0 });
    expect(ledger.entrySum('breakage')).toBe(500);
  });

  it('is a sale once it is captured: it can be returned, by the id of the capture', () => {
    const ledger = ledgerWith(400);
    hold(ledger, 'h', 400);
    ledger.when({ id: 'c', kind: 'capture', member: 'm', hold: 'h' });
    const lines = [{ id: '1', quantity: 1 }];
    ledger.when({ id: 'r1', kind: 'return', member: 'm', checkout: 'c', lines });
    ledger.when({ id: 'r2', kind: 'return', member: 'm', checkout: 'c', lines });
    expect(ledger.entrySum('member:m')).toBe(400);
    expect(ledger.entrySum('accepted:shop')).toBe(0);
    const before = ledger.when({ id: 'r3', kind: 'return', member: 'm', checkout: 'h' });
    expect(refusal(before)).toBe('unknown-checkout');
  });
});

describe('ending a hold is refused', () => {
  const end = { id: 'x', kind: 'capture', member: 'm', hold: 'h' };

  it('when there is none', () => {
    expect(refusal(ledgerWith(0).when(end))).toBe('unknown-hold');
  });

  it('when the hold was refused itself', () => {
    const ledger = ledgerWith(0);
    hold(ledger, 'h', 0, { member: 'nobody' });
    expect(refusal(ledger.when({ ...end, member: 'nobody' }))).toBe('unknown-hold');
  });

  it('when it is somebody else’s', () => {
    const ledger = ledgerWith(0);
    ledger.when({ id: 'e2', kind: 'enrol', member: 'other' });
    hold(ledger, 'h', 0);
    expect(refusal(ledger.when({ ...end, member: 'other' }))).toBe('foreign-hold');
  });

  it.each(['capture', 'release'])('when it ended before, by a %s', (kind) => {
    const ledger = ledgerWith(500);
    hold(ledger, 'h', 500);
    ledger.when({ ...end, kind });
    const sum = ledger.entrySum('member:m');
    expect(refusal(ledger.when({ ...end, id: 'y' }))).toBe('hold-ended');
    expect(refusal(ledger.when({ ...end, id: 'z', kind: 'release' }))).toBe('hold-ended');
    expect(ledger.entrySum('member:m')).toBe(sum);
  });
});

it('a member has only so many open holds', () => {
  const ledger = ledgerWith(0);
  for (let n = 0; n < HOLDS_PER_MEMBER_MAX; n += 1) {
    expect(refusal(hold(ledger, `h${n}`, 0))).toBe('accepted');
  }
  expect(refusal(hold(ledger, 'one-more', 0))).toBe('too-many-holds');
  ledger.when({ id: 'r', kind: 'release', member: 'm', hold: 'h0' });
  expect(refusal(hold(ledger, 'now', 0))).toBe('accepted');
});
