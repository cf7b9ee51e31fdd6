import type { Instant, MinorUnits, Points } from '../money/units.ts';
/** See `ledger/return-policy.ts`. */
export type ReturnPolicy = 'keep' | 'reevaluate' | 'return-group';

import type { ArbitrationInput, DecisionResult } from './decision.ts';

/** Where a checkout happens, resolved from its store. */
export interface Place {
  readonly store: string;
  readonly region: string | undefined;
  readonly country: string | undefined;
  readonly partner: string | undefined;
  /** IANA zone of the most specific place that names one. */
  readonly zone: string;
  /** Of the most specific place that names one, else the programme's. */
  readonly currency: string;
}

/** A point type as the ledger needs it. */
export interface PointType {
  readonly id: string;
  readonly kind: 'standard' | 'qualification';
  /** Decimal places of a point; amounts are integers of 10^-precision points. */
  readonly precision: number;
  readonly refund: boolean;
  readonly initialBalance: Points;
  readonly deactivateAt: Instant | undefined;
  /** Points that one movement by hand may move without a second person's approval. */
  readonly adjustUpTo: Points | undefined;
  /** Points that become one top-up of the phone account, whenever there are so many. */
  readonly topUp: { readonly at: Points } | undefined;
  readonly negative: 'unlimited' | 'within-balance' | 'only-pending';
  /** Of the programme's K14: which lot is spent first. */
  readonly consumption: 'expiry' | 'fifo';
  /** Do points that are credited later live since they were earned, not since then (003-56)? */
  readonly livesFromEarning: boolean;
  /** When points earned at `earnedAt` in `zone` stop being spendable; `undefined` = never. */
  readonly expiresAt: (earnedAt: Instant, zone: string) => Instant | undefined;
  /** Money worth of points, rounded down to a minor unit. */
  readonly moneyOf: (points: Points) => MinorUnits;
}

/** A tier group as the ledger needs it. */
export interface TierLadder {
  readonly id: string;
  readonly model: 'cumulative' | 'cyclic' | 'dynamic';
  /** The qualification point type that is counted. */
  readonly points: string;
  readonly upgrade: 'immediate' | 'at-period-end';
  /** Do returns take a tier back that the returned purchases had reached? */
  readonly clawback: boolean;
  readonly resetsAtPeriodEnd: boolean;
  /** Ascending by `from`. */
  readonly tiers: readonly { readonly id: string; readonly from: Points }[];
  /** The first end of a period after an instant; `undefined` for a group without periods. */
  readonly periodEnd: (entered: Instant, after: Instant) => Instant | undefined;
  /** The first reset by interval after an instant. */
  readonly resetAt: (entered: Instant, after: Instant) => Instant | undefined;
  /** Until when a tier outlives its period; `undefined` = not at all. */
  readonly graceEnd: (periodEnd: Instant) => Instant | undefined;
}

/** Points that a partner has paid for in advance. */
export interface PartnerBlock {
  /** In minor units. */
  readonly balance: number;
  /** Minor units that one point costs. */
  readonly perPoint: number;
  /** Somebody is told when less than this is left. */
  readonly alertBelow: number;
}

/**
 * A compiled, sealed rule-set version: the arbitration tree and everything of the document that
 * the rest of the system asks for. Immutable; safe to share by all partitions of a thread.
 */
export interface ArbitrationTree {
  /** Content hash, `b3:` or other prefix included; equal for equal meaning. */
  readonly hash: string;
  readonly programme: string;
  readonly currency: string;
  /** Decimal places of the currency. */
  readonly exponent: number;
  /** The programme's own IANA zone. */
  readonly zone: string;
  /** Milliseconds after which a receipt counts as late (K17). */
  readonly lateAfter: number;
  /** Days a lot revived by a return stays spendable (K16). */
  readonly graceDays: number;
  /** Milliseconds a return waits for its checkout; 0 = it is rejected at once. */
  readonly parkReturns: number;
  /** Do transferred points keep their expiry (b-14)? */
  readonly transferValidity: 'keep' | 'reset';
  /** What happens when points do not suffice (003-55). */
  readonly shortBalance: 'partial' | 'skip' | 'reject';
  /** True for a trigger promotion whose points are taken instead of given. */
  readonly deducts: (promotion: string) => boolean;
  /** True for a promotion that events run. */
  readonly isTrigger: (promotion: string) => boolean;
  /** What a partial return does with what this promotion gave. */
  readonly returnPolicyOf: (promotion: string) => ReturnPolicy;
  readonly pointTypes: ReadonlyMap<string, PointType>;
  readonly tierGroups: readonly TierLadder[];
  readonly place: (store: string) => Place | undefined;
  /** What prepaid partners have bought, by partner. */
  readonly partnerBlocks: ReadonlyMap<string, PartnerBlock>;
  readonly hasPartner: (partner: string) => boolean;
  /** True when stores and partners that are only used, not declared, are refused. */
  readonly closedWorld: boolean;
  readonly decide: (input: ArbitrationInput) => DecisionResult;
}
