import type { Decision } from '../../../core/arbitration/decision.ts';
import { dueOf, type Move, type SlowMember } from './book.ts';
import type { Row } from './rows.ts';
import type { TierMove } from './tiers.ts';

/** A transaction as a sender writes it; which fields are there depends on the kind. */
export interface Written {
  readonly id: string;
  readonly kind: string;
  readonly member?: string;
  readonly store?: string;
  readonly partner?: string;
  readonly currency?: string;
  readonly occurredAt?: string;
  readonly lines?: readonly {
    readonly id?: string;
    readonly quantity?: number | string;
    readonly partner?: string;
  }[];
  readonly checkout?: string;
  readonly type?: string;
  readonly amount?: number;
  readonly at?: string;
  readonly author?: string;
  readonly approvedBy?: string;
  /** A top-up that the operator refused. */
  readonly topUp?: string;
  /** Points of another system, as they were there. */
  readonly lot?: {
    readonly issuer?: string;
    readonly earnedAt?: string;
    readonly expiresAt?: string;
  };
  readonly hash?: string;
  readonly [more: string]: unknown;
}

/** What the arbitration said about a checkout: a decision, or the reason why there is none. */
export type Decided = Decision | { readonly refused: string } | 'waits' | undefined;

/** A return that came before its checkout. */
export interface ParkedReturn {
  readonly written: Written;
  readonly until: number;
}

/** In the due index a parked return has a name that no member can have. */
export function parkedName({ written }: ParkedReturn): string {
  return `\np${written.checkout}\n${written.id}`;
}

export function byDue(a: ParkedReturn, b: ParkedReturn): number {
  return a.until - b.until || (parkedName(a) < parkedName(b) ? -1 : 1);
}

/** What the slow ledger expects of one transaction. */
export interface Expected {
  readonly answer: 'recorded' | 'exists' | 'answered' | 'waits';
  readonly id: string;
  /** `''` when accepted. */
  readonly reason: string;
  readonly late: boolean;
  /** The number of the version that decided. */
  readonly version: number | undefined;
  readonly rows: readonly Row[];
  readonly moves: readonly Move[];
  readonly tiers: readonly TierMove[];
  /** Goods and money that came back, by line; empty for all but returns. */
  readonly returned: readonly object[];
  /** Until when a return waits for its checkout. */
  readonly parked: number | undefined;
  /** Returns that waited and came to their end with this one, each with its final record. */
  readonly ended: readonly Expected[];
}

/** Members in the order in which a tick comes to them. */
export function inDueOrder(a: SlowMember, b: SlowMember): number {
  const [left, right] = [dueOf(a), dueOf(b)];
  if (left !== right) return left < right ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
