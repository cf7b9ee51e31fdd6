import { CheckoutMaker } from './checkout-maker.ts';
import { spoil } from './malformed.ts';
import { Past, type PastCheckout } from './past.ts';
import { Random } from './random.ts';
import type { CheckoutJson, TransactionJson } from './transaction-json.ts';

export interface TrafficOptions {
  readonly seed: number;
  /** Numbers the runs of a deployment: receipts of different runs never share an id. */
  readonly run?: number;
  readonly members?: number;
  /** Mean number of lines a checkout. */
  readonly linesMean?: number;
  /** Exactly so many lines in every checkout; for load tests. */
  readonly lines?: number;
  /** Shares, each of all checkouts. */
  readonly anonymous?: number;
  readonly returns?: number;
  readonly cancels?: number;
  /** Sent a second time, unchanged. */
  readonly duplicates?: number;
  /** Spoiled on purpose. */
  readonly malformed?: number;
  /** False leaves out enrolments, for a store that has its members already. */
  readonly enrolments?: boolean;
}

export type TrafficKind = TransactionJson['kind'] | 'duplicate' | 'malformed';

/** What the tills send next. `transaction` is untyped because some of it is spoiled. */
export interface Traffic {
  readonly kind: TrafficKind;
  readonly transaction: unknown;
}

/** Transactions that may be sent again. */
const REPEATABLE_MAX = 512;
/** Draws for goods that may come back, before somebody buys something instead. */
const RETURN_DRAWS_MAX = 4;

const DEFAULTS = {
  run: 0,
  members: 100_000,
  linesMean: 5,
  anonymous: 0.2,
  returns: 0.02,
  cancels: 0.002,
  duplicates: 0,
  malformed: 0,
  enrolments: true,
} as const;

/**
 * Believable traffic of the sample coalition, without end. The same options and instants make the
 * same traffic. A member's first checkout follows the enrolment; returns and cancels name earlier
 * checkouts of this generator and stay within what was bought.
 */
export class TrafficGenerator {
  readonly #options: TrafficOptions & typeof DEFAULTS;
  readonly #random: Random;
  readonly #maker: CheckoutMaker;
  readonly #past = new Past();
  readonly #repeatable: TransactionJson[] = [];
  /** The checkout that follows the enrolment that was just sent. */
  #next: CheckoutJson | undefined;
  #reversals = 0;

  constructor(options: TrafficOptions) {
    // The constants' literal types are only their defaults' types.
    const merged = { ...DEFAULTS, ...options } as TrafficOptions & typeof DEFAULTS;
    this.#options = merged;
    this.#random = new Random(merged.seed, merged.run);
    this.#maker = new CheckoutMaker(this.#random, merged);
  }

  /** The next transaction, made at a till at this instant (milliseconds since 1970). */
  next(at: number): Traffic {
    const { duplicates, malformed, returns, cancels } = this.#options;
    if (this.#next !== undefined) return this.#sendCheckout(this.#next);

    const chance = this.#random.unit();
    if (chance < duplicates && this.#repeatable.length > 0) {
      return { kind: 'duplicate', transaction: this.#random.pick(this.#repeatable) };
    }
    if (chance < duplicates + returns) return this.#return(at) ?? this.#checkout(at);
    if (chance < duplicates + returns + cancels) return this.#cancel(at) ?? this.#checkout(at);
    if (chance < duplicates + returns + cancels + malformed) return this.#malformed(at);
    return this.#checkout(at);
  }

  #checkout(at: number): Traffic {
    const { checkout, enrolment } = this.#maker.make(at);
    if (enrolment === undefined || !this.#options.enrolments) return this.#sendCheckout(checkout);
    this.#next = checkout;
    return { kind: 'enrol', transaction: enrolment };
  }

  #sendCheckout(checkout: CheckoutJson): Traffic {
    this.#next = undefined;
    if (this.#maker.isReturnable(checkout.store)) {
      this.#past.remember(checkout, this.#maker.zoneOf(checkout.store));
    }
    return this.#send(checkout);
  }

  /** Spoiled checkouts are anonymous: nobody's history depends on what was refused. */
  #malformed(at: number): Traffic {
    return { kind: 'malformed', transaction: spoil(this.#random, this.#maker.anonymous(at)) };
  }

  #return(at: number): Traffic | undefined {
    const found = this.#drawPast();
    if (found === undefined) return undefined;
    const { past, lines } = found;
    return this.#send({
      id: this.#reversalId(past, 'return'),
      kind: 'return',
      ...(past.member === undefined ? {} : { member: past.member }),
      checkout: past.id,
      lines,
      store: past.store,
      occurredAt: this.#maker.timeIn(past.zone, at),
    });
  }

  #drawPast() {
    for (let draw = 0; draw < RETURN_DRAWS_MAX; draw += 1) {
      const past = this.#past.draw(this.#random);
      const lines = past === undefined ? [] : this.#past.bringBack(this.#random, past);
      if (past !== undefined && lines.length > 0) return { past, lines };
    }
    return undefined;
  }

  #cancel(at: number): Traffic | undefined {
    const past = this.#past.draw(this.#random);
    if (past === undefined || !this.#past.cancel(past)) return undefined;
    return this.#send({
      id: this.#reversalId(past, 'cancel'),
      kind: 'cancel',
      ...(past.member === undefined ? {} : { member: past.member }),
      checkout: past.id,
      occurredAt: this.#maker.timeIn(past.zone, at),
    });
  }

  #reversalId(past: PastCheckout, kind: string): string {
    this.#reversals += 1;
    return `${past.id}/${kind}-${this.#reversals}`;
  }

  #send(transaction: TransactionJson): Traffic {
    if (this.#options.duplicates > 0) {
      if (this.#repeatable.length < REPEATABLE_MAX) this.#repeatable.push(transaction);
      else this.#repeatable[this.#random.below(REPEATABLE_MAX)] = transaction;
    }
    return { kind: transaction.kind, transaction };
  }
}
