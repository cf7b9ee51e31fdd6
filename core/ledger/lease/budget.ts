import { must } from '../../assert.ts';
import type { Instant } from '../../money/units.ts';
import {
  type Amounts,
  atLeastZero,
  isNothing,
  type Limits,
  limitedOnly,
  minus,
  NOTHING,
  plus,
  shortageOf,
  standingShare,
  zip,
} from './amounts.ts';

/** What the home partition knows of one partition's lease. */
export interface Share {
  /** Granted and not given back: it may be spent at any moment. */
  out: Amounts;
  /** Spent, as the partition last said. */
  spent: Amounts;
  /** False until the partition has said what it holds; until then its standing share is assumed. */
  known: boolean;
  /** Asked to give back what it does not need, and not answered yet. */
  recalled: boolean;
}

export interface Ask {
  readonly partition: number;
  /** What is short now: checkouts wait for it. */
  readonly need: Amounts;
  /** What would be good to have on top, so that the next ones need not wait. */
  readonly ahead: Amounts;
}

/**
 * A shared budget as its home partition keeps it. The one rule: what is out never sums to more
 * than the limit. Grants shrink with the rest; when the rest is too small for what is needed,
 * what lies unused elsewhere is called back, so that the last of a budget can be spent.
 */
export interface Budget {
  readonly budget: string;
  limits: Limits;
  version: number;
  until: Instant | undefined;
  readonly shares: Share[];
  /** Asks in the order of the log that wait for recalls to be answered. */
  queue: Ask[];
}

/** Something to tell another partition. */
export type Message =
  | {
      readonly act: 'grant';
      readonly to: number;
      readonly amounts: Amounts;
      readonly exhausted: boolean;
    }
  | { readonly act: 'recall'; readonly to: number };

/** Limits that mean "none": a grant is bounded by what was asked for. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

export function newBudget(
  budget: string,
  terms: { readonly limits: Limits; readonly version: number },
  partitions: number,
): Budget {
  const out = standingShare(terms.limits, partitions);
  const shares = Array.from({ length: partitions }, () => ({
    out,
    spent: NOTHING,
    known: false,
    recalled: false,
  }));
  const { limits, version } = terms;
  return { budget, limits, version, until: undefined, shares, queue: [] };
}

/** Takes over the limits of a newer rule-set version. */
export function setLimits(
  budget: Budget,
  terms: { readonly limits: Limits; readonly version: number },
): void {
  if (terms.version <= budget.version) return;
  budget.version = terms.version;
  budget.limits = terms.limits;
  const assumed = standingShare(terms.limits, budget.shares.length);
  for (const share of budget.shares)
    if (!share.known) share.out = zip(share.out, assumed, Math.max);
}

/** What a partition says of itself; the first time it replaces what was assumed. */
export function note(
  budget: Budget,
  report: { readonly from: number; readonly held: Amounts; readonly used: Amounts },
): Share {
  const share = must(budget.shares[report.from], 'a partition without a share');
  if (!share.known) share.out = report.held;
  share.known = true;
  share.spent = report.used;
  return share;
}

/** What is not out yet. Below zero after a limit was lowered. */
export function leftOf(budget: Budget): Amounts {
  const out = budget.shares.reduce((sum, share) => plus(sum, share.out), NOTHING);
  const [uses, units, discount, points] = budget.limits.map((limit) => limit ?? UNLIMITED);
  return minus([uses ?? 0, units ?? 0, discount ?? 0, points ?? 0], out);
}

/** What all partitions have spent, as far as they have said. */
export function spentOf(budget: Budget): Amounts {
  return budget.shares.reduce((sum, share) => plus(sum, share.spent), NOTHING);
}

/** Answers the asks in their order, as far as that is possible now. */
export function serve(budget: Budget): Message[] {
  const messages: Message[] = [];
  for (let ask = budget.queue[0]; ask !== undefined; ask = budget.queue[0]) {
    const left = leftOf(budget);
    if (!isNothing(shortageOf(ask.need, left, budget.limits))) {
      messages.push(...recalls(budget, ask, left));
      if (budget.shares.some((share) => share.recalled)) return messages;
    }
    budget.queue.shift();
    messages.push(grant(budget, ask, atLeastZero(left)));
  }
  return messages;
}

function recalls(budget: Budget, ask: Ask, left: Amounts): Message[] {
  return unspentElsewhere(budget, ask, left).flatMap((to): Message[] => {
    const share = must(budget.shares[to], 'a partition without a share');
    if (share.recalled) return [];
    share.recalled = true;
    return [{ act: 'recall', to }];
  });
}

/** Partitions that may still hold what an ask is short of. */
function unspentElsewhere(budget: Budget, ask: Ask, left: Amounts): number[] {
  const isShort = (at: number): boolean =>
    budget.limits[at] !== undefined && (left[at] ?? 0) < Math.max(1, ask.need[at] ?? 0);
  return budget.shares.flatMap((share, partition) => {
    const unspent = minus(share.out, share.spent);
    const isHolding = unspent.some((amount, at) => amount > 0 && isShort(at));
    return isHolding && partition !== ask.partition ? [partition] : [];
  });
}

function grant(budget: Budget, ask: Ask, left: Amounts): Message {
  const { limits, shares } = budget;
  const need = limitedOnly(zip(ask.need, left, Math.min), limits);
  const rest = minus(left, need);
  // A fraction of the rest: leases shrink as it does, and the last asker still finds something.
  const most = zip(rest, NOTHING, (amount) => Math.ceil(amount / (2 * shares.length)));
  const isPossible = rest.every((amount, at) => limits[at] === undefined || amount > 0);
  const ahead = isPossible ? limitedOnly(zip(ask.ahead, most, aheadOf), limits) : NOTHING;
  const amounts = plus(need, ahead);
  const share = must(shares[ask.partition], 'a partition without a share');
  share.out = plus(share.out, amounts);
  const isShort = !isNothing(shortageOf(ask.need, left, limits));
  const isDry = isNothing(amounts) && unspentElsewhere(budget, ask, left).length === 0;
  return { act: 'grant', to: ask.partition, amounts, exhausted: isShort || isDry };
}

/** At least one of what is there: an exhausted budget that is alive again has to get going. */
const aheadOf = (wanted: number, most: number): number =>
  Math.min(Math.max(wanted, Math.min(1, most)), most);
