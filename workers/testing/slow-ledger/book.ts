import type { UsageDelta } from '../../../core/arbitration/decision.ts';
import {
  balanceOf,
  emptyAccount,
  give,
  nameOf,
  nextChange,
  type SlowAccount,
  type SlowLot,
  type SlowPromise,
  spendableAt,
  sum,
  take,
} from './account.ts';
import { expiryOf } from './calendar.ts';
import { spentOf } from './part-of-hold.ts';
import { type Document, isDeactivated, typeIn } from './programme.ts';
import {
  countForTiers,
  moveTiers,
  passTime,
  type SlowTier,
  type TierMove,
  tierDueOf,
} from './tiers.ts';

/** A balanced movement: the same words as in the ledger's transfers. */
export interface Move {
  readonly movement: string;
  readonly from: string;
  readonly to: string;
  readonly unit: string;
  readonly points: number;
  readonly promotion: string;
  readonly lot: string;
  /** Of a redemption: the age of the points. */
  readonly earnedAt?: number | undefined;
  /** Of a top-up: which of its book's it is. */
  readonly topUp?: number | undefined;
}

export interface SlowMember {
  readonly id: string;
  standing: SlowStanding;
  /** Its cards and phones, and how they stand. */
  readonly links: Map<string, string>;
  /** Relays that have no answer yet. */
  relays: number;
  checkouts: number;
  /** What it bought, by days since 1970. */
  readonly history: Map<number, SlowDay>;
  readonly accounts: Map<string, SlowAccount>;
  readonly usage: Map<string, SlowCounter>;
  holds: SlowHold[];
  readonly tiers: Map<string, SlowTier>;
}

export interface SlowStanding {
  readonly kind: 'open' | 'closed' | 'merged';
  readonly at?: number;
  readonly into?: string;
}

export interface SlowDay {
  readonly purchases: number;
  readonly spend: number;
}

/** What is kept aside for a checkout that is not final yet. */
export interface SlowHold {
  readonly id: string;
  readonly until: number;
  readonly usage: readonly UsageDelta[];
  readonly points: readonly HeldPoints[];
}

export interface HeldPoints extends SlowLot {
  readonly type: string;
  readonly promotion: string;
  readonly acceptor: string;
}

export interface SlowCounter {
  readonly uses: number;
  readonly units: number;
  readonly discount: number;
  readonly points: number;
  readonly until: number | undefined;
}

export function newSlowMember(id: string): SlowMember {
  return {
    ...{ id, standing: { kind: 'open' }, links: new Map(), relays: 0 },
    ...{ checkouts: 0, history: new Map() },
    ...{ accounts: new Map(), usage: new Map(), holds: [], tiers: new Map() },
  };
}

/** Points of a lot on their way to another member. */
export interface SentLot extends SlowLot {
  readonly type: string;
}

/** Points that are to be spent at one partner. */
export interface Spend {
  readonly type: string;
  readonly points: number;
  readonly promotion: string;
  readonly acceptor: string;
}

/** Top-ups that one transaction may cause. */
const TOP_UPS_MAX = 100;

/** The next instant at which time alone changes a member; infinity for never. */
export function dueOf({ accounts, holds, tiers }: SlowMember): number {
  const instants = [
    ...[...accounts.values()].map(nextChange),
    ...holds.map(({ until }) => until),
    ...[...tiers.values()].map(tierDueOf),
  ];
  return Math.min(...instants, Number.POSITIVE_INFINITY);
}

/** What one transaction does to one member: every movement is written down as it happens. */
export class Book {
  readonly moves: Move[] = [];
  readonly member: SlowMember;
  readonly document: Document;
  readonly zone: string;
  /** The instant of what is being booked. */
  at: number;
  /** Shared limits that holds gave back. */
  readonly freed: UsageDelta[] = [];
  topUps = 0;
  readonly tierMoves: TierMove[] = [];
  readonly before: ReadonlyMap<string, number>;

  constructor(given: {
    readonly member: SlowMember;
    readonly document: Document;
    /** When the log stored the transaction. */
    readonly at: number;
    readonly zone: string;
  }) {
    this.member = given.member;
    this.document = given.document;
    this.at = given.at;
    this.zone = given.zone;
    this.before = new Map([...this.member.accounts].map(([type, it]) => [type, balanceOf(it)]));
  }

  account(type: string): SlowAccount {
    const account = this.member.accounts.get(type) ?? emptyAccount();
    this.member.accounts.set(type, account);
    return account;
  }

  /** Time first: instant by instant holds end, points are credited, points expire. */
  settle(): void {
    const now = this.at;
    for (let due = dueOf(this.member); due <= now; due = dueOf(this.member)) {
      this.at = due;
      for (const hold of this.member.holds)
        if (hold.until <= due) this.freeHold(hold, 'hold-expiry');
      for (const [type, account] of this.member.accounts) this.#credit(type, account, due);
      passTime(this);
      for (const [type, account] of this.member.accounts) this.#expire(type, account, due);
      moveTiers(this);
    }
    this.at = now;
  }

  #credit(type: string, account: SlowAccount, due: number): void {
    const matured = account.promises.filter(({ creditAt }) => (creditAt ?? Infinity) <= due);
    account.promises = account.promises.filter((promise) => !matured.includes(promise));
    // By the programme's calendar: where and when this is booked makes no difference.
    const zone = this.document.program.timezone;
    for (const promise of matured) {
      this.#keepPromise(type, promise, { from: promise.creditAt ?? due, zone });
    }
  }

  /** Points that waited become spendable, and are as old as that instant, or as their purchase. */
  #keepPromise(
    type: string,
    { issuer, points, promotion, validFrom }: SlowPromise,
    { from, zone }: { readonly from: number; readonly zone: string },
  ): void {
    const earnedAt = validFrom ?? from;
    const expiresAt = expiryOf(typeIn(this.document, type)?.validity, earnedAt, zone);
    const lot = { issuer, expiresAt, earnedAt, points };
    this.arrive('maturity', { type, lot, from: this.pending, promotion });
  }

  /** The goods of a checkout arrived. */
  deliver(checkout: string): void {
    for (const [type, account] of this.member.accounts) {
      const isMine = (promise: SlowPromise): boolean =>
        promise.checkout === checkout && promise.creditAt === undefined;
      const mine = account.promises.filter(isMine);
      account.promises = account.promises.filter((promise) => !isMine(promise));
      const { at: from, zone } = this;
      for (const promise of mine) this.#keepPromise(type, promise, { from, zone });
    }
  }

  /** Spendable points arrive; whenever there are enough, they become top-ups (002-07). */
  arrive(
    movement: string,
    arrival: {
      readonly type: string;
      readonly lot: SlowLot;
      readonly from: string;
      readonly promotion: string;
      /** No top-up follows. */
      readonly quiet?: boolean;
    },
  ): void {
    const { type, lot, from, promotion, quiet = false } = arrival;
    const { points } = lot;
    const about = { unit: type, points, lot: nameOf(lot) };
    const account = this.account(type);
    this.move(movement, { ...about, from, to: this.own, promotion });
    if (lot.expiresAt !== undefined && lot.expiresAt <= this.at) {
      // What comes to a lot that is over expires at once, and repays no debt.
      this.move('expiry', { ...about, from: this.own, to: 'breakage' });
      return;
    }
    give(account, lot);
    const kind = typeIn(this.document, type);
    const each = (kind?.topUp?.at ?? 0) * 10 ** (kind?.precision ?? 0);
    if (quiet || each === 0 || isDeactivated(this.document, type, this.at)) return;
    while (spendableAt(account, this.at) >= each && this.topUps < TOP_UPS_MAX) {
      this.topUps += 1;
      this.spend('top-up', { type, points: each, to: 'top-up' });
    }
  }

  #expire(type: string, account: SlowAccount, due: number): void {
    const over = account.lots.filter(({ expiresAt }) => (expiresAt ?? Infinity) <= due);
    account.lots = account.lots.filter((lot) => !over.includes(lot));
    for (const lot of over) {
      const sides = { from: this.own, to: 'breakage' };
      this.move('expiry', { ...sides, unit: type, points: lot.points, lot: nameOf(lot) });
    }
  }

  /** When points of a type that become spendable at `from` expire. */
  expiry(type: string, from: number): number | undefined {
    return expiryOf(typeIn(this.document, type)?.validity, from, this.zone);
  }

  /** Points from outside, spendable at once. */
  grant(
    movement: string,
    grant: {
      readonly type: string;
      readonly points: number;
      readonly from: string;
      readonly issuer: string;
      readonly promotion?: string;
    },
  ): void {
    const { type, points, from, issuer, promotion = '' } = grant;
    if (points === 0) return;
    const lot = { issuer, expiresAt: this.expiry(type, this.at), earnedAt: this.at, points };
    this.arrive(movement, { type, lot, from, promotion });
  }

  /** Points that will be spendable later. */
  promise(promise: {
    readonly type: string;
    readonly points: number;
    readonly issuer: string;
    readonly checkout: string;
    readonly promotion: string;
    readonly creditAt: number | undefined;
  }): void {
    const { type, ...rest } = promise;
    const lives = typeIn(this.document, type)?.validFrom;
    const validFrom = lives === 'earning' ? this.at : undefined;
    this.account(type).promises.push({ ...rest, validFrom });
    const from = issuedBy(rest.issuer);
    const { points, promotion } = rest;
    this.move('accrual', { from, to: this.pending, unit: type, points, promotion });
  }

  /** Takes points that are there, lot by lot. */
  spend(
    movement: string,
    spend: {
      readonly type: string;
      readonly points: number;
      readonly to: string;
      readonly promotion?: string;
    },
  ): readonly { readonly lot: SlowLot; readonly points: number }[] {
    const { type, points, to, promotion = '' } = spend;
    const taken = take(this.account(type), points, this.order());
    if (sum(taken.map((each) => each.points)) !== points)
      throw new Error('spent what is not there');
    for (const each of taken) {
      const move = { from: this.own, to, unit: type, points: each.points, promotion };
      const comesBack = movement === 'redemption' || movement === 'top-up';
      const age = comesBack ? { earnedAt: each.lot.earnedAt, topUp: this.topUps } : {};
      this.move(movement, { ...move, ...age, lot: nameOf(each.lot) });
    }
    return taken;
  }

  /** Keeps points aside, out of their lots. */
  hold(hold: Omit<SlowHold, 'points'>, spends: readonly Spend[]): void {
    const points = spends.flatMap(({ type, points: wanted, promotion, acceptor }) => {
      const spend = { type, points: wanted, promotion, to: this.held };
      const taken = this.spend('hold', spend);
      return taken.map((each) => ({ ...each.lot, points: each.points, type, promotion, acceptor }));
    });
    this.member.holds = [...this.member.holds, { ...hold, points }];
  }

  /** What was kept aside is spent after all, as far as it is needed; the rest goes back. */
  capture(hold: SlowHold, spends: readonly Spend[]): void {
    this.#drop(hold);
    const rest = hold.points.map((held) => {
      const { type: unit, points, promotion, earnedAt } = held;
      const spent = spentOf(hold, held, spends);
      const sides = { from: this.held, to: `accepted:${held.acceptor}` };
      const about = { unit, points: spent, promotion, earnedAt, lot: nameOf(held) };
      if (spent > 0) this.move('redemption', { ...sides, ...about });
      return { ...held, points: points - spent };
    });
    this.#lay(rest, 'hold-release');
  }

  /** What was kept aside goes back where it came from. */
  freeHold(hold: SlowHold, movement: 'hold-release' | 'hold-expiry'): void {
    this.#drop(hold);
    for (const delta of hold.usage) {
      if (delta.scope === 'programme') this.freed.push(delta);
      else count(this.member.usage, delta, -1);
    }
    this.#lay(hold.points, movement);
  }

  /** Puts held points back into their lots. */
  #lay(held: readonly HeldPoints[], movement: 'hold-release' | 'hold-expiry'): void {
    for (const { type, promotion, issuer, expiresAt, earnedAt, points } of held) {
      if (points === 0) continue;
      const lot = { issuer, expiresAt, earnedAt, points };
      this.arrive(movement, { type, lot, from: this.held, promotion });
    }
  }

  #drop(hold: SlowHold): void {
    this.member.holds = this.member.holds.filter(({ id }) => id !== hold.id);
  }

  /** Counters of a period that is over are of no use any more. */
  forgetOldUsage(): void {
    for (const [key, { until }] of this.member.usage) {
      if (until !== undefined && until <= this.at) this.member.usage.delete(key);
    }
  }

  order() {
    return { at: this.at, consumption: this.document.program.settings.consumption };
  }

  /** A return takes back what a checkout had earned: promises, its lot, other lots, then debt. */
  takeBack(back: {
    readonly type: string;
    readonly points: number;
    readonly issuer: string;
    readonly checkout: string;
    readonly promotion: string;
    readonly lot: string;
  }): void {
    const { type, issuer, promotion } = back;
    const account = this.account(type);
    const to = issuedBy(issuer);
    const unkept = this.breakPromises(account, back);
    const move = { to, unit: type, promotion };
    if (unkept > 0) this.move('accrual-reversal', { ...move, from: this.pending, points: unkept });

    const policy = typeIn(this.document, type)?.negative ?? 'unlimited';
    const wanted = back.points - unkept;
    const points = {
      unlimited: wanted,
      'within-balance': Math.min(wanted, spendableAt(account, this.at)),
      'only-pending': 0,
    }[policy];
    if (points === 0) return;
    const taken = take(account, points, { ...this.order(), first: back.lot });
    account.debt += points - sum(taken.map((each) => each.points));
    this.move('accrual-reversal', { ...move, from: this.own, points, lot: back.lot });
  }

  /** Takes back what was only promised, and says how much that was. */
  breakPromises(
    account: SlowAccount,
    back: { readonly points: number; readonly checkout: string; readonly promotion: string },
  ): number {
    let left = back.points;
    account.promises = account.promises.flatMap((promise) => {
      const { checkout, promotion } = promise;
      if (checkout !== back.checkout || promotion !== back.promotion) return [promise];
      const broken = Math.min(left, promise.points);
      left -= broken;
      const points = promise.points - broken;
      return points === 0 ? [] : [{ ...promise, points }];
    });
    return back.points - left;
  }

  /** Redeemed points return to the lot they came from; an expired one may get a grace (K16). */
  giveBack(back: Move): void {
    const lot = this.#lotAgain(back);
    const { unit: type, to: from, promotion } = back;
    this.arrive('redemption-reversal', { type, lot, from, promotion });
  }

  /** Points of a refused top-up return too, and make no new one. */
  topUpBack(back: Move): void {
    const arrival = { type: back.unit, lot: this.#lotAgain(back), from: back.to, promotion: '' };
    this.arrive('top-up-reversal', { ...arrival, quiet: true });
  }

  #lotAgain(back: Move): SlowLot {
    const at = back.lot.lastIndexOf('@');
    const written = back.lot.slice(at + 1);
    const original = written === 'never' ? undefined : Number(written);
    const grace = this.document.program.settings.graceDays * 86_400_000;
    const isOver = original !== undefined && original <= this.at;
    const expiresAt = isOver && grace > 0 ? this.at + grace : original;
    const { points, earnedAt = this.at } = back;
    return { issuer: back.lot.slice(0, at), expiresAt, earnedAt, points };
  }

  /** Points of another member, or of another system, arrive lot by lot. */
  deposit(movement: string, lots: readonly SentLot[], from = 'transit'): void {
    for (const { type, ...lot } of lots) this.arrive(movement, { type, lot, from, promotion: '' });
  }

  /** Qualification points start again, by entries (003-15). */
  resetPoints(type: string): void {
    const account = this.account(type);
    for (const lot of account.lots) {
      const sides = { from: this.own, to: 'reset' };
      this.move('tier-reset', { ...sides, unit: type, points: lot.points, lot: nameOf(lot) });
    }
    const { debt } = account;
    const sides = { from: 'reset', to: this.own };
    if (debt > 0) this.move('tier-reset', { ...sides, unit: type, points: debt });
    account.lots = [];
    account.debt = 0;
  }

  get own(): string {
    return `member:${this.member.id}`;
  }

  get held(): string {
    return `held:${this.member.id}`;
  }

  get pending(): string {
    return `pending:${this.member.id}`;
  }

  /** Writes a movement down. */
  move(
    movement: string,
    move: Omit<Move, 'movement' | 'promotion' | 'lot'> & Partial<Pick<Move, 'promotion' | 'lot'>>,
  ): void {
    this.moves.push({ movement, promotion: '', lot: '', ...move });
    const { unit, points } = move;
    if (move.to === this.own) countForTiers(this, { movement, unit, amount: points });
    if (move.from === this.own) countForTiers(this, { movement, unit, amount: -points });
  }
}

/** Counts what was used of a limit, or gives it back. */
export function count(counters: Map<string, SlowCounter>, delta: UsageDelta, sign: 1 | -1): void {
  const { uses = 0, units = 0, discount = 0, points = 0 } = counters.get(delta.key) ?? {};
  counters.set(delta.key, {
    uses: uses + sign * delta.uses,
    units: units + sign * delta.units,
    discount: discount + sign * delta.discount,
    points: points + sign * delta.points,
    until: delta.until,
  });
}

export function issuedBy(issuer: string): string {
  return `issued:${issuer === '' ? 'programme' : issuer}`;
}
