import { isExpired, lotName, type PointAccount } from '../../core/ledger/lots.ts';
import type { Member } from '../../core/ledger/member.ts';
import type { TierState } from '../../core/ledger/tier-state.ts';
import type { Instant } from '../../core/money/units.ts';

/**
 * What a member's record promises by itself, whatever its entries say: lots that are whole and in
 * their order, no debt beside points that could repay it, holds and tiers that make sense. Says
 * what is broken; `at` is the last instant that the member's partition has seen.
 */
export function memberProblems(member: Member, at: Instant): readonly string[] {
  const problems: string[] = [];
  const say = (what: string): void => {
    problems.push(`${member.id}: ${what}`);
  };
  for (const account of member.accounts.values()) accountProblems(account, at, say);
  holdProblems(member, say);
  for (const [group, state] of member.tiers) tierProblems(group, state, say);
  return problems;
}

type Say = (what: string) => void;

function accountProblems(account: PointAccount, at: Instant, say: Say): void {
  const { type, lots, pending, debt } = account;
  const names = new Set<string>();
  let last = Number.NEGATIVE_INFINITY;
  for (const lot of lots) {
    const name = lotName(lot);
    if (lot.points <= 0) say(`the lot ${name} of ${type} holds ${lot.points}`);
    if (names.has(name)) say(`the lot ${name} of ${type} is there twice`);
    names.add(name);
    const expiry = lot.expiresAt ?? Number.POSITIVE_INFINITY;
    if (expiry < last) say(`the lots of ${type} are not in the order of their expiry`);
    last = expiry;
  }
  for (const { checkout, points } of pending) {
    if (points <= 0) say(`${points} ${type} are promised for ${checkout}`);
  }
  if (debt < 0) say(`the debt in ${type} is ${debt}`);
  const isRich = lots.some((lot) => !isExpired(lot, at));
  if (debt > 0 && isRich) say(`${debt} ${type} are owed beside points that could repay them`);
}

function holdProblems({ holds }: Member, say: Say): void {
  const ids = new Set<string>();
  for (const { id, points } of holds) {
    if (ids.has(id)) say(`the hold ${id} is open twice`);
    ids.add(id);
    for (const held of points) {
      if (held.points <= 0) say(`the hold ${id} keeps ${held.points} ${held.type}`);
    }
  }
}

function tierProblems(group: string, { history, since }: TierState, say: Say): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const { tier, from, until } of history) {
    if (from < last || until <= from) say(`the tier ${tier} of ${group} overlaps another`);
    last = until;
  }
  if (since < last) say(`the tier of ${group} began before the one before it ended`);
}
