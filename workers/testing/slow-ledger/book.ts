import {
  balanceOf,
  emptyAccount,
  give,
  nameOf,
  nextChange,
  type SlowAccount,
  type SlowLot,
  spendableAt,
  sum,
  take,
} from './account.ts';
import { expiryOf } from './calendar.ts';
import { type Document, typeIn } from './programme.ts';

/** A balanced movement: the same words as in the ledger's transfers. */
export interface Move {
  readonly movement: string;
  readonly from: string;
  readonly to: string;
  readonly unit: string;
  readonly points: number;
  readonly promotion: string;
  readonly lot: string;
}

export interface SlowMember {
  readonly id: string;
  checkouts: number;
  readonly accounts: Map<string, SlowAccount>;
  readonly usage: Map<string, SlowCounter>;
}

export interface SlowCounter {
  readonly uses: number;
  readonly units: number;
  readonly discount: number;
  readonly points: number;
  readonly until: number | undefined;
}

/** One row of an answer's `points`. */
export interface Row {
  readonly type: string;
  readonly before: number;
  readonly redeemed: number;
  readonly accrued: number;
  readonly pending: number;
  readonly expired: number;
  readonly adjusted: number;
  readonly after: number;
}

export function newSlowMember(id: string): SlowMember {
  return { id, checkouts: 0, accounts: new Map(), usage: new Map() };
}

/** What one transaction does to one member: every movement is written down as it happens. */
export class Book {
  readonly moves: Move[] = [];
  readonly member: SlowMember;
  readonly document: Document;
  readonly at: number;
  readonly zone: string;
  readonly #before: ReadonlyMap<string, number>;

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
    this.#before = new Map([...this.member.accounts].map(([type, it]) => [type, balanceOf(it)]));
  }

  account(type: string): SlowAccount {
    const account = this.member.accounts.get(type) ?? emptyAccount();
    this.member.accounts.set(type, account);
    return account;
  }

  /** Time first: instant by instant, points are credited, then points expire. */
  settle(): void {
    for (const [type, account] of this.member.accounts) {
      for (let due = nextChange(account); due <= this.at; due = nextChange(account)) {
        this.#credit(type, account, due);
        this.#expire(type, account, due);
      }
    }
  }

  #credit(type: string, account: SlowAccount, due: number): void {
    const matured = account.promises.filter(({ creditAt }) => (creditAt ?? Infinity) <= due);
    account.promises = account.promises.filter((promise) => !matured.includes(promise));
    for (const { issuer, points, promotion, creditAt = due } of matured) {
      const lot = { issuer, expiresAt: this.expiry(type, creditAt), earnedAt: creditAt, points };
      give(account, lot);
      const sides = { from: this.#pending, to: this.#own };
      this.#move('maturity', { ...sides, unit: type, points, promotion, lot: nameOf(lot) });
    }
  }

  #expire(type: string, account: SlowAccount, due: number): void {
    const over = account.lots.filter(({ expiresAt }) => (expiresAt ?? Infinity) <= due);
    account.lots = account.lots.filter((lot) => !over.includes(lot));
    for (const lot of over) {
      const sides = { from: this.#own, to: 'breakage' };
      this.#move('expiry', { ...sides, unit: type, points: lot.points, lot: nameOf(lot) });
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
    const expiresAt = this.expiry(type, this.at);
    const lot: SlowLot = { issuer, expiresAt, earnedAt: this.at, points };
    give(this.account(type), lot);
    this.#move(movement, { from, to: this.#own, unit: type, points, promotion, lot: nameOf(lot) });
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
    this.account(type).promises.push(rest);
    const from = issuedBy(rest.issuer);
    const { points, promotion } = rest;
    this.#move('accrual', { from, to: this.#pending, unit: type, points, promotion });
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
  ): void {
    const { type, points, to, promotion = '' } = spend;
    const taken = take(this.account(type), points, this.order());
    if (sum(taken.map((each) => each.points)) !== points)
      throw new Error('spent what is not there');
    for (const each of taken) {
      const move = { from: this.#own, to, unit: type, points: each.points, promotion };
      this.#move(movement, { ...move, lot: nameOf(each.lot) });
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
    const unkept = this.#breakPromises(account, back);
    const move = { to, unit: type, promotion };
    if (unkept > 0)
      this.#move('accrual-reversal', { ...move, from: this.#pending, points: unkept });

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
    this.#move('accrual-reversal', { ...move, from: this.#own, points, lot: back.lot });
  }

  #breakPromises(
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
    const { unit, points, promotion } = back;
    const at = back.lot.lastIndexOf('@');
    const written = back.lot.slice(at + 1);
    const original = written === 'never' ? undefined : Number(written);
    const grace = this.document.program.settings.graceDays * 86_400_000;
    const isOver = original !== undefined && original <= this.at;
    const expiresAt = isOver && grace > 0 ? this.at + grace : original;
    const lot = { issuer: back.lot.slice(0, at), expiresAt, earnedAt: this.at, points };
    const expiresAtOnce = expiresAt !== undefined && expiresAt <= this.at;
    const account = this.account(unit);
    if (!expiresAtOnce) give(account, lot);
    const sides = { from: back.to, to: this.#own };
    const move = { unit, points, lot: nameOf(lot) };
    this.#move('redemption-reversal', { ...sides, ...move, promotion });
    if (expiresAtOnce) this.#move('expiry', { from: this.#own, to: 'breakage', ...move });
  }

  /** What the answer says of each account; accounts that nothing happened to are left out. */
  rows(): Row[] {
    return [...this.member.accounts].flatMap(([type, account]) => {
      const of = (movements: readonly string[], side: 'from' | 'to', owner: string): number => {
        const mine = this.moves.filter((move) => move.unit === type && move[side] === owner);
        return sum(mine.filter((m) => movements.includes(m.movement)).map((m) => m.points));
      };
      const own = this.#own;
      const pending = this.#pending;
      const row = {
        type,
        before: this.#before.get(type) ?? 0,
        redeemed: of(['redemption'], 'from', own) - of(['redemption-reversal'], 'to', own),
        accrued:
          of(['accrual', 'initial-balance', 'maturity'], 'to', own) -
          of(['accrual-reversal'], 'from', own),
        pending: of(['accrual'], 'to', pending) - of(['accrual-reversal'], 'from', pending),
        expired: of(['expiry'], 'from', own),
        adjusted: of(['adjustment'], 'to', own) - of(['adjustment'], 'from', own),
        after: balanceOf(account),
      };
      return this.moves.some((move) => move.unit === type) ? [row] : [];
    });
  }

  get #own(): string {
    return `member:${this.member.id}`;
  }

  get #pending(): string {
    return `pending:${this.member.id}`;
  }

  #move(
    movement: string,
    move: Omit<Move, 'movement' | 'promotion' | 'lot'> & Partial<Pick<Move, 'promotion' | 'lot'>>,
  ): void {
    this.moves.push({ movement, promotion: '', lot: '', ...move });
  }
}

export function issuedBy(issuer: string): string {
  return `issued:${issuer === '' ? 'programme' : issuer}`;
}
