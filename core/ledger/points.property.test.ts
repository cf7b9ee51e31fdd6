import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../layout/bytes.ts';
import { readMember, writeMember } from '../layout/member.ts';
import { RuleSetTableBuilder, readRecord, writeRecord } from '../layout/record.ts';
import { instant, points } from '../money/units.ts';
import { NOON, TestLedger } from '../testing/ledger.ts';
import { plainTree } from '../testing/plain-tree.ts';
import { available, balance, pendingPoints } from './lots.ts';
import type { Member } from './member.ts';
import type { LedgerRecord } from './record.ts';
import { entriesOf } from './transfer.ts';

const HOUR = 3_600_000;
const MEMBERS = ['ann', 'bob'] as const;

type Step = Readonly<Record<string, unknown>> & { readonly after: number };

const member = fc.constantFrom(...MEMBERS);
const after = fc.constantFrom(0, 1, HOUR, 10 * HOUR, 30 * HOUR);
const amount = fc.integer({ min: 1, max: 400 });
const lines = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })
  .map((quantities) =>
    quantities.map((quantity, index) => ({
      id: String(index),
      sku: `S${index}`,
      quantity,
      price: 5_000 + 1_700 * index,
    })),
  );
const earlier = fc.nat({ max: 30 });

/** What may happen, with references to earlier steps by their position. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('checkout'), member, lines, pay: fc.option(amount), after }),
  fc.record({
    kind: fc.constant('hold'),
    member,
    lines,
    pay: fc.option(amount),
    holdFor: fc.constantFrom('PT1H', 'PT20H'),
    after,
  }),
  fc.record({ kind: fc.constantFrom('capture', 'release'), member, hold: earlier, after }),
  fc.record({ kind: fc.constantFrom('return', 'cancel', 'deliver'), checkout: earlier, after }),
  fc.record({
    kind: fc.constant('adjust'),
    member,
    amount: fc.integer({ min: -300, max: 300 }),
    after,
  }),
  fc.record({ kind: fc.constant('import'), member, amount, hours: fc.nat({ max: 60 }), after }),
  fc.record({ kind: fc.constant('tick'), after }),
);

/** The step as a sender would write it; references name one of the earlier records. */
function written(ledger: TestLedger, position: number, { after: _, ...given }: Step) {
  const about = { ...given, id: `t${position}` };
  const oneOf = (kinds: readonly string[], nth: unknown): LedgerRecord | undefined => {
    const known = ledger.records.filter(({ kind }) => kinds.includes(kind));
    return known[Number(nth) % known.length];
  };
  switch (given['kind']) {
    case 'tick':
      return { ...about, at: new Date(ledger.now).toISOString() };
    case 'adjust':
      return { ...about, type: 'main' };
    case 'import': {
      const { hours, ...rest } = about as { hours?: number };
      const expiresAt = new Date(NOON + (hours ?? 0) * HOUR).toISOString();
      return { ...rest, kind: 'adjust', type: 'main', lot: { issuer: 'shop', expiresAt } };
    }
    case 'capture':
    case 'release': {
      const hold = oneOf(['hold'], given['hold']);
      return { ...about, member: hold?.member ?? 'ann', hold: hold?.id ?? 'none' };
    }
    case 'checkout':
    case 'hold': {
      const { pay, ...rest } = given;
      const wish = pay === null ? {} : { pay: { points: 'main', amount: pay } };
      return { ...rest, ...wish, id: about.id, store: 's-1' };
    }
    default: {
      const sale = oneOf(['checkout', 'capture'], given['checkout']);
      return { ...about, checkout: sale?.id ?? 'none' };
    }
  }
}

interface Programme {
  readonly waits: boolean;
  readonly topUpAt: number | undefined;
}

const programme: fc.Arbitrary<Programme> = fc.record({
  waits: fc.boolean(),
  topUpAt: fc.constantFrom(undefined, 6, 250),
});

function openLedger({ waits, topUpAt }: Programme): TestLedger {
  const rules = { validityMilliseconds: 40 * HOUR, initialBalance: 100 };
  const tree = plainTree(waits ? { ...rules, creditAfterMilliseconds: 5 * HOUR } : rules);
  const main = tree.pointTypes.get('main');
  if (!main) throw new Error('the plain tree has a main type');
  const topUp = topUpAt === undefined ? undefined : { at: points(topUpAt) };
  const pointTypes = new Map([['main', { ...main, topUp }]]);
  const ledger = new TestLedger({ ...tree, pointTypes });
  for (const id of MEMBERS) ledger.when({ id: `enrol/${id}`, kind: 'enrol', member: id });
  return ledger;
}

function bytesOf(of: Member | undefined): string {
  const writer = new ByteWriter();
  if (of) writeMember(writer, of);
  return Buffer.from(writer.view()).toString('hex');
}

const stateOf = (ledger: TestLedger): string[] =>
  MEMBERS.map((id) => bytesOf(ledger.state.member(id)));

/** Balances are the sums of entries, account by account, and everything sums to zero. */
function checkBooks(ledger: TestLedger): void {
  let sum = 0;
  for (const { transfers } of ledger.records) {
    for (const move of transfers) for (const entry of entriesOf(move)) sum += entry.amount;
  }
  expect(sum).toBe(0);
  for (const id of MEMBERS) {
    const known = ledger.state.member(id);
    const account = known?.accounts.get('main');
    if (!known || !account) continue;
    const held = known.holds
      .flatMap((hold) => hold.points)
      .reduce((all, lot) => all + lot.points, 0);
    expect(ledger.entrySum(`member:${id}`)).toBe(balance(account));
    expect(ledger.entrySum(`pending:${id}`)).toBe(pendingPoints(account));
    expect(ledger.entrySum(`held:${id}`)).toBe(held);
    expect(account.lots.every((lot) => lot.points > 0)).toBe(true);
    const expiries = account.lots.map((lot) => lot.expiresAt ?? Infinity);
    expect(expiries).toEqual(expiries.toSorted((a, b) => a - b));
    expect(bytesOf(readMember(Buffer.from(bytesOf(known), 'hex')))).toBe(bytesOf(known));
  }
}

/** What the record says of balances continues what was said before, and survives its bytes. */
function checkRecord(record: LedgerRecord, balances: Map<string, number>): void {
  const writer = new ByteWriter();
  const table = new RuleSetTableBuilder();
  writeRecord(writer, record, { table });
  const names = [...writer.names.all];
  const at = (place: number): string => names[place] ?? '';
  expect(readRecord(new ByteReader(writer.copy(), 0, { at }), table)).toEqual(record);
  if (record.outcome.status === 'rejected') {
    expect(record.transfers).toEqual([]);
    return;
  }
  for (const row of record.outcome.points) {
    expect(row.before).toBe(balances.get(record.member));
    balances.set(record.member, row.after);
  }
  if (record.kind !== 'tick') return;
  for (const move of record.transfers) {
    for (const { account, amount: moved } of entriesOf(move)) {
      const [kind, id = ''] = account.split(':');
      if (kind === 'member') balances.set(id, (balances.get(id) ?? 0) + moved);
    }
  }
}

test('whatever happens, books balance, rows chain and refusals move nothing', () => {
  fc.assert(
    fc.property(programme, fc.array(step, { minLength: 10, maxLength: 30 }), (rules, steps) => {
      const ledger = openLedger(rules);
      const balances = new Map(
        MEMBERS.map((id) => [id as string, ledger.entrySum(`member:${id}`)]),
      );
      for (const [position, one] of steps.entries()) {
        ledger.now += one.after;
        const before = stateOf(ledger);
        const record = ledger.when(written(ledger, position, one));
        checkRecord(record, balances);
        if (record.outcome.status === 'rejected') expect(stateOf(ledger)).toEqual(before);
        checkBooks(ledger);
      }
    }),
    { numRuns: 150 },
  );
});

test('a hold that is released leaves the member as if it had never been', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 15 }),
      lines,
      amount,
      (steps, basket, wish) => {
        const ledger = openLedger({ waits: false, topUpAt: undefined });
        for (const [position, one] of steps.entries()) {
          ledger.now += one.after;
          ledger.when(written(ledger, position, one));
        }
        ledger.when({ id: 'tick', kind: 'tick', at: new Date(ledger.now).toISOString() });
        const before = bytesOf(ledger.state.member('ann'));
        const pay = { points: 'main', amount: wish };
        ledger.when({ id: 'h', kind: 'hold', member: 'ann', store: 's-1', lines: basket, pay });
        ledger.when({ id: 'r', kind: 'release', member: 'ann', hold: 'h' });
        expect(bytesOf(ledger.state.member('ann'))).toBe(before);
      },
    ),
    { numRuns: 60 },
  );
});

test('a hold and its capture move what the checkout would have moved', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 15 }),
      lines,
      amount,
      (steps, basket, wish) => {
        const ends = (['checkout', 'hold'] as const).map((kind) => {
          const ledger = openLedger({ waits: false, topUpAt: undefined });
          for (const [position, one] of steps.entries()) {
            ledger.now += one.after;
            ledger.when(written(ledger, position, one));
          }
          const pay = { points: 'main', amount: wish };
          const id = kind === 'hold' ? 'h' : 'sale';
          ledger.when({ id, kind, member: 'ann', store: 's-1', lines: basket, pay });
          if (kind === 'hold') {
            ledger.when({ id: 'sale', kind: 'capture', member: 'ann', hold: 'h' });
          }
          return bytesOf(ledger.state.member('ann'));
        });
        expect(ends[1]).toBe(ends[0]);
      },
    ),
    { numRuns: 60 },
  );
});

test('nobody can spend more than there is, whichever tills ask at once', () => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 2, maxLength: 12 }), (wishes) => {
      const ledger = openLedger({ waits: false, topUpAt: undefined });
      const basket = [{ id: '1', sku: 'A', quantity: 1, price: 1_000_000 }];
      let spent = 0;
      for (const [position, wish] of wishes.entries()) {
        const pay = { points: 'main', amount: wish };
        const kind = position % 2 === 0 ? 'hold' : 'quote';
        const record = ledger.when({ id: `w${position}`, kind, member: 'ann', lines: basket, pay });
        const row = record.outcome.status === 'accepted' ? record.outcome.points[0] : undefined;
        if (kind === 'hold') spent += row?.held ?? 0;
      }
      const account = ledger.state.member('ann')?.accounts.get('main');
      expect(spent).toBe(
        Math.min(
          100,
          wishes.reduce((all, one, at) => all + (at % 2 ? 0 : one), 0),
        ),
      );
      expect(account && available(account, instant(ledger.now))).toBe(100 - spent);
    }),
  );
});
