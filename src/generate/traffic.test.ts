import { expect, test } from 'vitest';
import { decodeTransaction } from '../../core/transaction/decode.ts';
import { inThousandths } from './basket.ts';
import { RETURN_AGE_MIN } from './past.ts';
import { type Traffic, TrafficGenerator, type TrafficOptions } from './traffic.ts';
import type { CancelJson, CheckoutJson, ReturnJson } from './transaction-json.ts';

/** A Saturday evening in Almaty. */
const EVENING = Date.UTC(2026, 10, 21, 13);
/** Enough that every kind appears and shares settle, few enough to be quick. */
const MANY = 20_000;

function traffic(options: Partial<TrafficOptions> = {}, count = MANY): Traffic[] {
  const generator = new TrafficGenerator({ seed: 1, ...options });
  return Array.from({ length: count }, (_, index) => generator.next(EVENING + index));
}

function share(sent: readonly Traffic[], holds: (each: Traffic) => boolean): number {
  return sent.filter(holds).length / sent.length;
}

function isCheckout(each: Traffic): each is Traffic & { transaction: CheckoutJson } {
  return each.kind === 'checkout';
}

function isReversal(each: Traffic): each is Traffic & { transaction: ReturnJson | CancelJson } {
  return each.kind === 'return' || each.kind === 'cancel';
}

test('the same seed and run make the same traffic, another run makes other receipts', () => {
  const once = traffic({ duplicates: 0.01, malformed: 0.01 }, 5_000);
  expect(traffic({ duplicates: 0.01, malformed: 0.01 }, 5_000)).toEqual(once);

  const ids = new Set(once.filter(isCheckout).map(({ transaction }) => transaction.id));
  const next = traffic({ run: 1 }, 5_000).filter(isCheckout);
  expect(next.some(({ transaction }) => ids.has(transaction.id))).toBe(false);
});

test('all of it can be read by the processor', () => {
  for (const { transaction } of traffic({ duplicates: 0.01 })) {
    expect(decodeTransaction(transaction)).toMatchObject({ ok: true });
  }
});

test('what was spoiled is refused or names a store that is not there', () => {
  const spoiled = traffic({ malformed: 0.1 }).filter(({ kind }) => kind === 'malformed');
  const read = spoiled.filter(({ transaction }) => {
    const decoded = decodeTransaction(transaction);
    return decoded.ok && JSON.stringify(transaction).includes('no-such-store') === false;
  });
  expect(spoiled.length).toBeGreaterThan(1_000);
  expect(read).toEqual([]);
});

test('a fifth of the checkouts is anonymous, and two in a hundred transactions are returns', () => {
  const sent = traffic({ enrolments: false });
  const anonymous = share(sent.filter(isCheckout), (each) => {
    return isCheckout(each) && each.transaction.member === undefined;
  });
  expect(anonymous).toBeCloseTo(0.2, 1);
  const late = sent.slice(3 * RETURN_AGE_MIN);
  expect(share(late, ({ kind }) => kind === 'return')).toBeGreaterThan(0.015);
  expect(share(late, ({ kind }) => kind === 'cancel')).toBeGreaterThan(0.001);
});

test.each([3, 5, 12])('baskets have %d lines on average', (linesMean) => {
  const checkouts = traffic({ linesMean }).filter(isCheckout);
  const lines = checkouts.reduce((sum, { transaction }) => sum + transaction.lines.length, 0);
  expect(lines / checkouts.length / linesMean).toBeGreaterThan(0.8);
  expect(lines / checkouts.length / linesMean).toBeLessThan(1.25);
});

test('for a load test every checkout has exactly as many lines as asked for', () => {
  const checkouts = traffic({ lines: 20 }, 3_000).filter(isCheckout);
  expect(new Set(checkouts.map(({ transaction }) => transaction.lines.length))).toEqual(
    new Set([20]),
  );
});

test('a member is enrolled once, just before the first checkout', () => {
  const enrolled = new Set<string>();
  for (const { kind, transaction } of traffic({ malformed: 0.02 })) {
    if (kind === 'malformed') continue;
    if (kind === 'enrol') {
      const { member } = transaction as { member: string };
      expect(enrolled.has(member)).toBe(false);
      enrolled.add(member);
    } else {
      const { member } = transaction as { member?: string };
      if (member !== undefined) expect(enrolled.has(member)).toBe(true);
    }
  }
});

test('the enrolment of a member is the same in every run', () => {
  const enrolments = (run: number) =>
    new Map(
      traffic({ run })
        .filter(({ kind }) => kind === 'enrol')
        .map(({ transaction }) => [(transaction as { id: string }).id, transaction]),
    );
  const first = enrolments(0);
  const common = [...enrolments(1)].filter(([id]) => first.has(id));
  expect(common.length).toBeGreaterThan(1_000);
  for (const [id, enrolment] of common) expect(enrolment).toEqual(first.get(id));
});

test('returns and cancels name earlier checkouts and stay within what was bought', () => {
  const left = new Map<string, Map<string, number>>();
  let reversals = 0;
  for (const each of traffic({ returns: 0.2, cancels: 0.05 })) {
    if (isCheckout(each)) {
      const lines = each.transaction.lines.map(
        ({ id, quantity }) => [id, inThousandths(quantity)] as const,
      );
      left.set(each.transaction.id, new Map(lines));
    }
    if (!isReversal(each)) continue;
    reversals += 1;
    const { transaction } = each;
    const sold = left.get(transaction.checkout);
    expect(sold).toBeDefined();
    if (transaction.kind === 'cancel') {
      expect([...(sold?.values() ?? [])].some((quantity) => quantity > 0)).toBe(true);
      sold?.clear();
    } else for (const line of transaction.lines) takeBack(sold, line);
  }
  expect(reversals).toBeGreaterThan(1_000);
});

function takeBack(
  sold: Map<string, number> | undefined,
  line: { readonly id: string; readonly quantity: number | string },
): void {
  const rest = (sold?.get(line.id) ?? 0) - inThousandths(line.quantity);
  expect(rest).toBeGreaterThanOrEqual(0);
  sold?.set(line.id, rest);
}

test('a duplicate is an earlier transaction, unchanged', () => {
  const seen = new Map<string, unknown>();
  let duplicates = 0;
  for (const { kind, transaction } of traffic({ duplicates: 0.01 })) {
    const { id } = transaction as { id: string };
    if (kind !== 'duplicate') seen.set(id, transaction);
    else {
      duplicates += 1;
      expect(transaction).toEqual(seen.get(id));
    }
  }
  expect(duplicates / MANY).toBeCloseTo(0.01, 2);
});

test('at night people buy fuel, in the afternoon garments', () => {
  const share = (hour: number, partner: string) => {
    const generator = new TrafficGenerator({ seed: 1, enrolments: false });
    const at = Date.UTC(2026, 10, 21, hour);
    const checkouts = Array.from({ length: 3_000 }, () => generator.next(at)).filter(isCheckout);
    return checkouts.filter(({ transaction }) => transaction.store.includes(partner)).length;
  };
  expect(share(21, '-altyn-')).toBeGreaterThan(2 * share(12, '-altyn-'));
  expect(share(21, '-tumar-')).toBe(0);
  expect(share(12, '-tumar-')).toBeGreaterThan(20);
});
