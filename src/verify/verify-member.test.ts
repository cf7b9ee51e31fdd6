import { expect, test } from 'vitest';
import type { Lot, PointAccount } from '../../core/ledger/lots.ts';
import { type Member, newMember } from '../../core/ledger/member.ts';
import { tierHeld } from '../../core/ledger/tier-state.ts';
import { type Instant, instant, type Points } from '../../core/money/units.ts';
import { memberProblems } from './verify-member.ts';

const NOW = instant(1_000);

/** Damage may be of any size, so these numbers are not checked. */
const points = (amount: number): Points => amount as Points;
const at = (time: number | undefined): Instant | undefined => time as Instant | undefined;

function lot(amount: number, expiresAt: number | undefined, issuer = 'fuel'): Lot {
  return { issuer, expiresAt: at(expiresAt), earnedAt: instant(1), points: points(amount) };
}

const HOLD = { until: instant(9_000), usage: [], points: [] };
const promise = (amount: number) => ({
  ...{
    issuer: '',
    checkout: 't1',
    promotion: 'p',
    creditAt: undefined,
    validFrom: undefined,
    points: points(amount),
  },
});

function member(account: Partial<PointAccount>, more: Partial<Member> = {}): Member {
  const main = { type: 'main', lots: [], pending: [], debt: points(0), ...account };
  return { ...newMember('m', instant(0)), accounts: new Map([['main', main]]), ...more };
}

const silver = { ...tierHeld('silver', instant(500)) };
const spanOf = (from: number, until: number) => ({
  ...{ tier: 'bronze', from: instant(from), until: instant(until) },
});

test('a whole member has no problems', () => {
  const lots = [lot(5, 900), lot(5, 2_000), lot(5, undefined)];
  const tiers = new Map([['club', { ...silver, history: [spanOf(1, 200), spanOf(200, 500)] }]]);
  const whole = member({ lots, pending: [promise(3)] }, { holds: [{ id: 'h', ...HOLD }], tiers });
  expect(memberProblems(whole, NOW)).toEqual([]);
  expect(memberProblems(member({ debt: points(4), lots: [lot(5, 900)] }), NOW)).toEqual([]);
});

test.each([
  ['an empty lot', { lots: [lot(0, 2_000)] }, /the lot fuel@2000 of main holds 0/],
  ['a lot twice', { lots: [lot(1, 2_000), lot(1, 2_000)] }, /fuel@2000 of main is there twice/],
  ['lots in disorder', { lots: [lot(1, undefined), lot(1, 2_000)] }, /not in the order/],
  ['a promise of nothing', { pending: [promise(0)] }, /0 main are promised for t1/],
  ['a negative debt', { debt: points(-1) }, /the debt in main is -1/],
  ['debt beside points', { debt: points(1), lots: [lot(1, 2_000)] }, /1 main are owed beside/],
])('%s is found', (_, account, problem) => {
  expect(memberProblems(member(account), NOW)).toEqual([expect.stringMatching(problem)]);
});

test('a hold that is open twice, or keeps nothing, is found', () => {
  const holds = [
    { id: 'h', ...HOLD },
    { id: 'h', ...HOLD },
  ];
  expect(memberProblems(member({}, { holds }), NOW)).toEqual(['m: the hold h is open twice']);
  const held = { ...lot(0, 2_000), type: 'main', promotion: '', acceptor: undefined };
  const empty = [{ id: 'h', ...HOLD, points: [held] }];
  expect(memberProblems(member({}, { holds: empty }), NOW)).toEqual(['m: the hold h keeps 0 main']);
});

test('tiers held at the same time are found', () => {
  const overlapping = { ...silver, history: [spanOf(1, 300), spanOf(200, 500)] };
  const tooEarly = { ...silver, history: [spanOf(1, 600)] };
  const problems = [overlapping, tooEarly].flatMap((state) =>
    memberProblems(member({}, { tiers: new Map([['club', state]]) }), NOW),
  );
  expect(problems).toEqual([
    'm: the tier bronze of club overlaps another',
    'm: the tier of club began before the one before it ended',
  ]);
});
