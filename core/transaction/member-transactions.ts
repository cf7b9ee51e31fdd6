import type { Instant, Points } from '../money/units.ts';
import type { Fields } from './transaction.ts';

/** Something that is no purchase happened to a member: a review, a subscription, a call. */
export interface Trigger {
  readonly kind: 'trigger';
  readonly id: string;
  readonly member: string;
  /** The type of the event; conditions see it as `event.type`. */
  readonly event: string;
  /** Points the caller chooses within a promotion's range, as written. */
  readonly value: number | undefined;
  readonly store: string | undefined;
  readonly channel: string | undefined;
  readonly occurredAt: Instant | undefined;
  /** Conditions see them as `event.<name>`. */
  readonly fields: Fields;
}

/** A member gives points to another one. */
export interface PointTransfer {
  readonly kind: 'transfer';
  readonly id: string;
  readonly member: string;
  readonly to: string;
  readonly type: string;
  /** In points as written by the sender; scaled by the rule set. */
  readonly amount: number;
  readonly comment: string;
  readonly occurredAt: Instant | undefined;
}

export const LINK_ACTIONS = ['link', 'unlink', 'block', 'unblock', 'replace'] as const;
export type LinkAction = (typeof LINK_ACTIONS)[number];

/** A card or phone becomes, or stops being, an identifier of a member. */
export interface Link {
  readonly kind: 'link';
  readonly id: string;
  readonly member: string;
  readonly action: LinkAction;
  /** `card/…` or `phone/…`. */
  readonly identifier: string;
  /** Of `replace`: the identifier that takes its place. */
  readonly by: string | undefined;
  readonly comment: string;
  readonly occurredAt: Instant | undefined;
}

/** A member turns out to be another one: everything it has goes there. */
export interface Merge {
  readonly kind: 'merge';
  readonly id: string;
  readonly member: string;
  readonly into: string;
  readonly comment: string;
  readonly occurredAt: Instant | undefined;
}

/** A merge was wrong: what the member brought along goes back to it. */
export interface Unmerge {
  readonly kind: 'unmerge';
  readonly id: string;
  readonly member: string;
  readonly comment: string;
  readonly occurredAt: Instant | undefined;
}

/** A member leaves the programme: its points are forfeited. */
export interface Close {
  readonly kind: 'close';
  readonly id: string;
  readonly member: string;
  readonly comment: string;
  readonly occurredAt: Instant | undefined;
}

/** Points of one lot on their way between members. */
export interface SentLot {
  readonly type: string;
  readonly issuer: string;
  readonly expiresAt: Instant | undefined;
  readonly earnedAt: Instant;
  readonly points: Points;
}

/** Promised points on their way between members. */
export interface SentPending {
  readonly type: string;
  readonly issuer: string;
  readonly checkout: string;
  readonly promotion: string;
  readonly creditAt: Instant | undefined;
  readonly validFrom: Instant | undefined;
  readonly points: Points;
}

/** Points that a return of a merged member's purchase takes from, or gives to, the survivor. */
export interface SentCorrection {
  readonly type: string;
  readonly correction: 'revoke' | 'give-back';
  /** Issuer of what was earned, acceptor of what was spent. */
  readonly partner: string;
  readonly promotion: string;
  readonly checkout: string;
  readonly lot: string;
  readonly points: Points;
  /** The age of points that go back. */
  readonly earnedAt: Instant | undefined;
}

/** A day on which a member bought, as its history has it. */
export interface SentDay {
  readonly day: number;
  readonly purchases: number;
  readonly spend: number;
}

/** What a member has used of a limit, or gets back of it. */
export interface SentCounter {
  readonly key: string;
  readonly uses: number;
  readonly units: number;
  readonly discount: number;
  readonly points: number;
  readonly until: Instant | undefined;
}

/** What a merged member brings along, and takes home again when the merge is undone. */
export interface Belongings {
  readonly member: string;
  readonly merged: string;
  readonly lots: readonly SentLot[];
  readonly pending: readonly SentPending[];
  readonly debts: readonly { readonly type: string; readonly points: Points }[];
  readonly identifiers: readonly string[];
  /** Accepted checkouts so far. */
  readonly checkouts: number;
  readonly history: readonly SentDay[];
  readonly usage: readonly SentCounter[];
}

/** What one partition asks another one to do. */
export type RelayAct =
  | { readonly act: 'receive'; readonly member: string; readonly lots: readonly SentLot[] }
  | ({ readonly act: 'absorb' } & Belongings)
  | ({ readonly act: 'release' } & Belongings)
  | {
      readonly act: 'correct';
      readonly member: string;
      readonly corrections: readonly SentCorrection[];
      /** Limits that are free again. */
      readonly usage: readonly SentCounter[];
    }
  | { readonly act: 'deliver'; readonly member: string; readonly checkout: string }
  | {
      readonly act: 'claim';
      readonly identifier: string;
      readonly member: string;
      /** The member that held it until now, where it only changes hands. */
      readonly holder: string | undefined;
    }
  | {
      readonly act: 'mark';
      readonly identifier: string;
      readonly member: string;
      readonly state: IdentityState;
    };

/** `free`: nobody's any more. */
export type IdentityState = 'active' | 'blocked' | 'free';

/** From the system itself: one partition's ledger asks another partition for something. */
export interface Relay {
  readonly kind: 'relay';
  readonly id: string;
  /** The key whose partition is asked. */
  readonly to: string;
  /** The key whose partition asks: there goes the answer. */
  readonly from: string;
  readonly act: RelayAct;
}

/** From the system itself: what became of a relay, told to the partition that sent it. */
export interface Relayed {
  readonly kind: 'relayed';
  readonly id: string;
  /** The key whose partition had asked. */
  readonly to: string;
  readonly relay: string;
  /** `undefined` when it was done. */
  readonly refused: string | undefined;
  /** The member to ask instead, when the asked one was merged. */
  readonly sendFor: string | undefined;
}

/** The transactions of this file. */
export type MemberTransaction =
  | Trigger
  | PointTransfer
  | Link
  | Merge
  | Unmerge
  | Close
  | Relay
  | Relayed;
