import { balanceOf, type SlowAccount, spendableAt } from './account.ts';
import { addDays, addMonths, type Day, dayIn, startOfDayIn } from './calendar.ts';
import type { Document } from './programme.ts';

/** A tier group as operators write it; its qualification points have no decimals here. */
export interface DocumentTierGroup {
  readonly id: string;
  readonly model: 'cumulative' | 'cyclic' | 'dynamic';
  readonly points: string;
  readonly period?: { readonly months: number; readonly align: 'calendar' | 'entry' };
  readonly upgrade: 'immediate' | 'at-period-end';
  readonly reset: 'none' | 'at-period-end' | { readonly months: number };
  readonly extendToMonthEnd: boolean;
  readonly clawback: boolean;
  readonly grace: number;
  readonly tiers: readonly { readonly id: string; readonly from: number }[];
}

/** Where a member stands in one group. */
export interface SlowTier {
  tier: string;
  /** What the last period's end gave. */
  base: string;
  since: number;
  readonly entered: number;
  /** What counts for the running period. */
  earned: number;
  periodEnd: number | undefined;
  resetAt: number | undefined;
  falling: { readonly tier: string; readonly at: number } | undefined;
  history: { readonly tier: string; readonly from: number; readonly until: number }[];
}

export interface TierMove {
  readonly member: string;
  readonly group: string;
  readonly before: string;
  readonly after: string;
  readonly until: number | undefined;
}

/** What the tiers of a member can see and do. */
export interface TierBook {
  readonly member: { readonly id: string; readonly tiers: Map<string, SlowTier> };
  readonly document: Document;
  readonly at: number;
  readonly tierMoves: TierMove[];
  account(type: string): SlowAccount;
  resetPoints(type: string): void;
}

const COUNTED = [
  ...['accrual', 'maturity', 'initial-balance', 'adjustment'],
  ...['accrual-reversal', 'merge'],
];
const HISTORY_MAX = 24;

export function tierDueOf({ periodEnd, resetAt, falling }: SlowTier): number {
  return Math.min(...[periodEnd, resetAt, falling?.at].map((at) => at ?? Infinity));
}

/** Points came or went; some of that counts for the tier. */
export function countForTiers(
  book: TierBook,
  move: { readonly movement: string; readonly unit: string; readonly amount: number },
): void {
  for (const { id, points } of book.document.tierGroups) {
    const state = book.member.tiers.get(id);
    if (state && points === move.unit && COUNTED.includes(move.movement)) {
      state.earned += move.amount;
    }
  }
}

/** What time does to tiers, after points were credited and before points expire. */
export function passTime(book: TierBook): void {
  for (const group of book.document.tierGroups) {
    const state = book.member.tiers.get(group.id);
    if (!state || tierDueOf(state) > book.at) continue;
    // Who is kept for ever, or follows the balance, falls by no end of a period.
    if (group.model !== 'cyclic') state.falling = undefined;
    if ((state.falling?.at ?? Infinity) <= book.at) {
      const lower = state.falling?.tier ?? '';
      state.falling = undefined;
      move(book, group, { state, to: higher(group, lower, reached(group, state.earned)) });
    }
    if ((state.periodEnd ?? Infinity) <= book.at) endPeriod(book, group, state);
    if ((state.resetAt ?? Infinity) <= book.at) {
      book.resetPoints(group.points);
      state.earned = 0;
      state.resetAt = resetAfter(book.document, group, { state, after: book.at });
    }
  }
}

function endPeriod(book: TierBook, group: DocumentTierGroup, state: SlowTier): void {
  const ended = state.periodEnd ?? book.at;
  const to = reached(group, state.earned);
  state.periodEnd = periodAfter(book.document, group, { state, after: ended });
  state.falling = undefined;
  if (group.model === 'cyclic') {
    const falls = rankOf(group, to) < rankOf(group, state.tier);
    if (falls && group.grace > 0) {
      const { timezone } = book.document.program;
      const day = addDays(dayIn(timezone, ended), group.grace);
      state.falling = { tier: to, at: endOn(book.document, group, day) };
    } else move(book, group, { state, to });
    state.base = to;
  }
  if (group.reset === 'at-period-end') book.resetPoints(group.points);
  if (group.model === 'cyclic' || group.reset === 'at-period-end') state.earned = 0;
}

/** What the points say now, after everything else of a transaction. */
export function moveTiers(book: TierBook): void {
  for (const group of book.document.tierGroups) {
    const account = book.account(group.points);
    const isNew = !book.member.tiers.has(group.id);
    const state = book.member.tiers.get(group.id) ?? entering(book.at, balanceOf(account));
    book.member.tiers.set(group.id, state);
    const after = book.at;
    state.periodEnd ??= periodAfter(book.document, group, { state, after });
    state.resetAt ??= resetAfter(book.document, group, { state, after });
    if (group.model !== 'cyclic') state.falling = undefined;
    const waits = group.model === 'cyclic' && group.upgrade === 'at-period-end';
    const counted = group.model === 'dynamic' ? spendableAt(account, book.at) : state.earned;
    const now = reached(group, waits ? 0 : counted);
    const least = group.clawback && !state.falling ? state.base : state.tier;
    const isHeldAgain = rankOf(group, reached(group, state.earned)) >= rankOf(group, state.tier);
    if (group.model === 'dynamic') move(book, group, { state, to: now });
    else if (waits && !isNew && (state.tier !== '' || state.history.length > 0)) {
      if (isHeldAgain) state.falling = undefined;
    } else {
      const to = higher(group, least, now);
      if (isHeldAgain && rankOf(group, to) >= rankOf(group, state.tier)) state.falling = undefined;
      move(book, group, { state, to });
    }
  }
}

function entering(at: number, earned: number): SlowTier {
  return {
    ...{ tier: '', base: '', since: at, entered: at, earned, history: [] },
    ...{ periodEnd: undefined, resetAt: undefined, falling: undefined },
  };
}

function reached({ tiers }: DocumentTierGroup, points: number): string {
  return tiers.filter(({ from }) => from <= points).at(-1)?.id ?? '';
}

function rankOf({ tiers }: DocumentTierGroup, tier: string): number {
  return tiers.findIndex(({ id }) => id === tier);
}

function higher(group: DocumentTierGroup, one: string, other: string): string {
  return rankOf(group, other) > rankOf(group, one) ? other : one;
}

function move(
  { member, at, tierMoves }: TierBook,
  group: DocumentTierGroup,
  { state, to }: { readonly state: SlowTier; readonly to: string },
): void {
  if (state.tier === to) return;
  const span = { tier: state.tier, from: state.since, until: at };
  if (state.since < at) state.history = [...state.history, span].slice(-HISTORY_MAX);
  const until = group.model === 'cyclic' ? state.periodEnd : undefined;
  tierMoves.push({ member: member.id, group: group.id, before: state.tier, after: to, until });
  state.tier = to;
  state.since = at;
}

interface After {
  readonly state: SlowTier;
  readonly after: number;
}

/** The first end of a period after an instant: by the calendar, or counted from the entry. */
function periodAfter(document: Document, group: DocumentTierGroup, of: After): number | undefined {
  const { period, model, reset } = group;
  if (!period || (model !== 'cyclic' && reset !== 'at-period-end')) return undefined;
  const zone = document.program.timezone;
  if (period.align === 'entry') {
    return firstAfter(of.after, (count) => {
      const day = addMonths(dayIn(zone, of.state.entered), count * period.months);
      return endOn(document, group, day);
    });
  }
  const today = dayIn(zone, of.after);
  const month = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1;
  const left = period.months - (month % period.months);
  return endOn(document, group, addMonths(`${today.slice(0, 8)}01`, left));
}

function resetAfter(document: Document, group: DocumentTierGroup, of: After): number | undefined {
  const { reset } = group;
  if (typeof reset === 'string') return undefined;
  const zone = document.program.timezone;
  return firstAfter(of.after, (count) =>
    startOfDayIn(zone, addMonths(dayIn(zone, of.state.entered), count * reset.months)),
  );
}

function firstAfter(after: number, end: (count: number) => number): number {
  for (let count = 1; ; count += 1) if (end(count) > after) return end(count);
}

/** The first instant of the day, or of the next month when tiers end with the month (003-16). */
function endOn({ program }: Document, group: DocumentTierGroup, day: Day): number {
  const isFirst = day.endsWith('-01');
  const last = group.extendToMonthEnd && !isFirst ? addMonths(`${day.slice(0, 8)}01`, 1) : day;
  return startOfDayIn(program.timezone, last);
}
