/**
 * One member's account of one point type, as plain arrays. Every function does one obvious thing
 * to them; what is booked about it is said by `ledger.ts`.
 */
export interface SlowAccount {
  /** Points of one issuer that expire together; no two of a name, none of them empty. */
  lots: SlowLot[];
  /** Points promised, not spendable yet. */
  promises: SlowPromise[];
  /** What a return took back beyond what was there. */
  debt: number;
}

export interface SlowLot {
  readonly issuer: string;
  readonly expiresAt: number | undefined;
  readonly earnedAt: number;
  readonly points: number;
}

export interface SlowPromise {
  readonly issuer: string;
  readonly checkout: string;
  readonly promotion: string;
  readonly creditAt: number | undefined;
  /** Since when the points live, where that is not when they become spendable. */
  readonly validFrom: number | undefined;
  readonly points: number;
}

export function emptyAccount(): SlowAccount {
  return { lots: [], promises: [], debt: 0 };
}

export function nameOf(lot: Pick<SlowLot, 'issuer' | 'expiresAt'>): string {
  return `${lot.issuer}@${lot.expiresAt ?? 'never'}`;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export function balanceOf({ lots, debt }: SlowAccount): number {
  return sum(lots.map(({ points }) => points)) - debt;
}

export function promisedTo({ promises }: SlowAccount): number {
  return sum(promises.map(({ points }) => points));
}

function isOver({ expiresAt }: SlowLot, at: number): boolean {
  return expiresAt !== undefined && expiresAt <= at;
}

export function spendableAt({ lots, debt }: SlowAccount, at: number): number {
  const alive = lots.filter((lot) => !isOver(lot, at));
  return Math.max(0, sum(alive.map(({ points }) => points)) - debt);
}

/** Points arrive. Debt is repaid first; the rest joins the lot of its name, or is a new one. */
export function give(account: SlowAccount, lot: SlowLot): void {
  const repaid = Math.min(account.debt, lot.points);
  account.debt -= repaid;
  const rest = lot.points - repaid;
  if (rest === 0) return;
  const same = account.lots.find((other) => nameOf(other) === nameOf(lot));
  const others = account.lots.filter((other) => other !== same);
  const earnedAt = Math.min(lot.earnedAt, same?.earnedAt ?? lot.earnedAt);
  account.lots = [...others, { ...lot, earnedAt, points: (same?.points ?? 0) + rest }];
}

/** K14, and the lot named `first` before all others. */
export function spendingOrder(
  { lots }: SlowAccount,
  order: { readonly at: number; readonly consumption: 'expiry' | 'fifo'; readonly first?: string },
): SlowLot[] {
  const keys = (lot: SlowLot): readonly (number | string)[] => {
    const first = nameOf(lot) === order.first ? 0 : 1;
    const expiry = lot.expiresAt ?? Number.POSITIVE_INFINITY;
    const byTime = order.consumption === 'fifo' ? [lot.earnedAt, expiry] : [expiry, lot.earnedAt];
    return [first, ...byTime, lot.issuer];
  };
  return lots.filter((lot) => !isOver(lot, order.at)).sort((a, b) => compare(keys(a), keys(b)));
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [place, left] of a.entries()) {
    const right = b[place] ?? '';
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return 0;
}

/** Takes up to `wanted` points in that order, and says how many came from which lot. */
export function take(
  account: SlowAccount,
  wanted: number,
  order: Parameters<typeof spendingOrder>[1],
): { readonly lot: SlowLot; readonly points: number }[] {
  const taken: { lot: SlowLot; points: number }[] = [];
  let left = wanted;
  for (const lot of spendingOrder(account, order)) {
    const points = Math.min(left, lot.points);
    if (points === 0) continue;
    left -= points;
    taken.push({ lot, points });
    account.lots = account.lots.flatMap((other) => {
      if (other !== lot) return [other];
      return lot.points === points ? [] : [{ ...lot, points: lot.points - points }];
    });
  }
  return taken;
}

/** The next instant at which time alone changes the account. */
export function nextChange({ lots, promises }: SlowAccount): number {
  const instants = [
    ...lots.map(({ expiresAt }) => expiresAt),
    ...promises.map(({ creditAt }) => creditAt),
  ];
  return Math.min(...instants.map((instant) => instant ?? Number.POSITIVE_INFINITY));
}
