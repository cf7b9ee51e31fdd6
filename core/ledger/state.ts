import type { ArbitrationTree } from '../arbitration/tree.ts';
import type { Instant } from '../money/units.ts';
import type { RuleSetRef } from '../outcome/outcome.ts';
import type { BudgetBook } from './lease/budget-book.ts';
import type { WaitingRoom } from './lease/waiting-room.ts';
import type { Member } from './member.ts';
import type { FollowUp } from './parked.ts';
import type { LedgerRecord } from './record.ts';
import type { Standing } from './standing-shares.ts';

/** A rule-set version that is, or was, current in a partition. */
export interface ActiveRuleSet extends RuleSetRef {
  readonly tree: ArbitrationTree;
}

/** One act of making a version current, as the partition's log ordered it. */
export interface Activation extends RuleSetRef {
  readonly activeFrom: Instant;
}

/** How much of a checkout came back so far, by the position of its lines, in thousandths. */
export interface Reversal {
  readonly checkout: string;
  readonly returned: readonly number[];
  /** True once nothing of the checkout is left: its delivery and its limits went back too. */
  readonly complete: boolean;
  /** What stands of its benefits, where it is not what the frozen shares say. */
  readonly standing?: Standing | undefined;
}

/** How much waits in a partition: kept with its position, so that asking costs nothing. */
export interface Waiting {
  /** Returns that wait for their checkout. */
  parked: number;
  /** Relays without an answer. */
  relays: number;
}

/**
 * What applying a transaction may see and change. Later transactions of a batch see the changes
 * of earlier ones; nothing reaches the store before the whole batch is written.
 */
export interface LedgerState {
  /** The version current now; `undefined` until the first activation. */
  active(): ActiveRuleSet | undefined;
  /** The version that was current at an instant (K17); the oldest known one before that. */
  activeAt(at: Instant): ActiveRuleSet | undefined;
  /**
   * Makes a version current from here on in this partition's log. False, and nothing changes,
   * when the version is not to be had or does not compile.
   */
  activate(activation: Activation): boolean;

  member(id: string): Member | undefined;
  /** The same member in a copy of its own, so that a quote can try things out. */
  memberCopy(id: string): Member | undefined;
  putMember(member: Member): void;

  /** The recorded outcome of an earlier transaction of this partition. */
  recorded(id: string): LedgerRecord | undefined;
  reversal(checkout: string): Reversal | undefined;
  putReversal(reversal: Reversal): void;

  /** What is kept under a key of `registry.ts`. */
  registered(key: string): Uint8Array | undefined;
  /** The first entries whose keys begin with `prefix`, in the order of the keys. */
  registeredFrom(prefix: string, limit: number): readonly (readonly [string, Uint8Array])[];
  /** `undefined` strikes the entry out. */
  register(key: string, value: Uint8Array | undefined): void;

  /** The partition whose state this is. */
  readonly partition: number;
  /** Entries of the registry that wait, by what they wait for. */
  readonly waiting: Waiting;
  /** What all members share: leases on budgets, and who waits for them. */
  readonly budgets: BudgetBook;
  readonly waitingRoom: WaitingRoom;

  /** A version that was current at some time; `undefined` when it cannot be had any more. */
  versionOf(ref: RuleSetRef | undefined): ActiveRuleSet | undefined;
  /** What has to be recorded after the present record. */
  readonly followUps: FollowUp[];
  /** Has a tick look at something that is no member, named by a text that no member can be. */
  schedule(name: string, at: Instant): void;
  unschedule(name: string, at: Instant): void;

  /** Members for whom time alone changes something up to `at`, in a stable order. */
  due(at: Instant, limit: number): readonly string[];
}

/** Where and when in the log a transaction stands. */
export interface Moment {
  readonly sequence: number;
  readonly streamSequence: number;
  readonly acceptedAt: Instant;
}
