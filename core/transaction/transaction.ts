import type { LeaseLetter } from '../ledger/lease/letter.ts';
import type { Instant, MinorUnits, Thousandths } from '../money/units.ts';
import type { MemberTransaction } from './member-transactions.ts';

/**
 * The inbound kinds after decoding. Every value here has been checked and is bounded
 * (`limits.ts`); nothing of the sender's objects survives, so no prototype trick can.
 * Absent values are `undefined` on purpose: all transactions of a kind share one shape.
 */
export type Transaction =
  | Checkout
  | Return
  | Cancel
  | Enrolment
  | Adjustment
  | HoldRequest
  | Capture
  | Release
  | Delivery
  | Tick
  | ActivationNotice
  | MemberTransaction
  | LeaseLetter;

export const TRANSACTION_KINDS = [
  'checkout',
  'quote',
  'return',
  'cancel',
  'enrol',
  'adjust',
  'tick',
  'activation',
  'trigger',
  'transfer',
  'link',
  'merge',
  'unmerge',
  'close',
  'relay',
  'relayed',
  'hold',
  'capture',
  'release',
  'deliver',
  'lease',
] as const;
export type TransactionKind = (typeof TRANSACTION_KINDS)[number];

/** A free attribute of a line, a member or a checkout. */
export type FieldValue = string | number | boolean;
export type Fields = ReadonlyMap<string, FieldValue>;

/** One product position. Its gross is `price × quantity / 1000`, rounded half up, computed once. */
export interface OrderLine {
  readonly id: string;
  readonly sku: string;
  readonly category: readonly string[];
  readonly brand: string | undefined;
  readonly partner: string | undefined;
  readonly quantity: Thousandths;
  /** Unit price before any discount. */
  readonly price: MinorUnits;
  readonly gross: MinorUnits;
  readonly flags: readonly string[];
  readonly fields: Fields;
}

export interface GeoPoint {
  /** Degrees, −90 to 90. */
  readonly lat: number;
  /** Degrees, −180 to 180. */
  readonly lon: number;
}

/** A wish to pay with points. `points` is in the steps of the point type's precision. */
export interface PaymentWish {
  readonly type: string;
  /** As the sender wrote it, in points; scaled by the rule set, which knows the precision. */
  readonly amount: number;
}

/** A purchase (`checkout`) or the question what it would give (`quote`, never stored). */
export interface Checkout {
  readonly kind: 'checkout' | 'quote';
  readonly id: string;
  readonly member: string | undefined;
  /** Number of the card that was shown; it has to be the member's. */
  readonly card: string | undefined;
  readonly store: string | undefined;
  readonly partner: string | undefined;
  readonly channel: string | undefined;
  /** What the till claims; `undefined` means "when it was accepted". */
  readonly occurredAt: Instant | undefined;
  readonly currency: string | undefined;
  readonly lines: readonly OrderLine[];
  readonly delivery: MinorUnits;
  readonly codes: readonly string[];
  readonly pay: PaymentWish | undefined;
  readonly tender: string | undefined;
  readonly location: GeoPoint | undefined;
  readonly fields: Fields;
}

export interface ReturnedLine {
  readonly id: string;
  readonly quantity: Thousandths;
}

/** Goods of one earlier checkout come back. Without `lines`, all that is left of it. */
export interface Return {
  readonly kind: 'return';
  readonly id: string;
  readonly member: string | undefined;
  readonly checkout: string;
  readonly lines: readonly ReturnedLine[] | undefined;
  readonly store: string | undefined;
  readonly occurredAt: Instant | undefined;
}

/** An earlier checkout never happened: everything of it that was not returned yet goes back. */
export interface Cancel {
  readonly kind: 'cancel';
  readonly id: string;
  readonly member: string | undefined;
  readonly checkout: string;
  readonly occurredAt: Instant | undefined;
}

export interface Enrolment {
  readonly kind: 'enrol';
  readonly id: string;
  readonly member: string;
  readonly store: string | undefined;
  readonly occurredAt: Instant | undefined;
  /** Local calendar date `YYYY-MM-DD`. */
  readonly birthday: string | undefined;
  readonly segments: readonly string[];
  readonly partners: readonly string[];
  readonly fields: Fields;
}

/** Where points that are brought along from elsewhere come from, and how long they live. */
export interface BroughtLot {
  /** The partner that issued them; `undefined` for the programme. */
  readonly issuer: string | undefined;
  /** A date means its first instant in the programme's zone. */
  readonly earnedAt: Instant | LocalDate | undefined;
  /** Their original expiry; `undefined` = never. A date is the last day on which they can be spent. */
  readonly expiresAt: Instant | LocalDate | undefined;
}

/** A calendar date `YYYY-MM-DD`, in a zone that somebody else knows. */
export type LocalDate = string;

/** A manual movement by an operator. */
export interface Adjustment {
  readonly kind: 'adjust';
  readonly id: string;
  readonly member: string;
  readonly type: string;
  /** Signed, in points as written by the sender; scaled by the rule set. */
  readonly amount: number;
  readonly comment: string;
  /** A word of the operator's own for why: reports count by it. */
  readonly reason: string | undefined;
  /** Who asked for it, and who else agreed where it is large (003-76). */
  readonly author: string | undefined;
  readonly approvedBy: string | undefined;
  /** The trigger promotion that it is for; its entries name it. */
  readonly promotion: string | undefined;
  readonly json: string | undefined;
  readonly occurredAt: Instant | undefined;
  /** Set when the points are imported: they keep their issuer, age and expiry. */
  readonly lot: BroughtLot | undefined;
  /** Set when a top-up was refused for good: its points go back to their lots. */
  readonly topUp: string | undefined;
}

/**
 * A checkout that is not final yet: decided now, its points and limits reserved until it is
 * captured or released, or its time is over.
 */
export interface HoldRequest {
  readonly kind: 'hold';
  readonly id: string;
  readonly member: string;
  /** Milliseconds from its acceptance. */
  readonly holdFor: number;
  /** What is to be bought, under the same id. */
  readonly checkout: Checkout;
}

/** The held checkout happens as it was decided, or a part of it. */
export interface Capture {
  readonly kind: 'capture';
  readonly id: string;
  readonly member: string;
  readonly hold: string;
  /** What was delivered of it; `undefined`: all. The rest is released. */
  readonly lines: readonly ReturnedLine[] | undefined;
  readonly occurredAt: Instant | undefined;
}

/** The held checkout does not happen: all that was reserved is free again. */
export interface Release {
  readonly kind: 'release';
  readonly id: string;
  readonly member: string;
  readonly hold: string;
  readonly occurredAt: Instant | undefined;
}

/** The goods of an earlier checkout arrived: its points that wait for it become spendable. */
export interface Delivery {
  readonly kind: 'deliver';
  readonly id: string;
  readonly member: string | undefined;
  readonly checkout: string;
  readonly occurredAt: Instant | undefined;
}

/** "It is now this late": lots expire, pending points mature. From the system itself. */
export interface Tick {
  readonly kind: 'tick';
  readonly id: string;
  readonly at: Instant;
}

/** A rule-set version becomes current for this partition at this place in its log. */
export interface ActivationNotice {
  readonly kind: 'activation';
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  readonly author: string;
  readonly note: string;
}
