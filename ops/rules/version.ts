/** A rule-set version: numbered, immutable, and named by what it says and by what it means. */
export interface RuleSetVersion {
  readonly version: number;
  /** Of what it means: outcomes carry it. Documents that mean the same share it. */
  readonly hash: string;
  /** Of what it says, in canonical form: the document is kept under it. */
  readonly content: string;
  /** The version it was made from; `undefined` for the first. */
  readonly parent: number | undefined;
  /** Who published it. */
  readonly author: string;
  /** Everybody whose edits are in it, the author among them. */
  readonly authors: readonly string[];
  /** When, ISO 8601. */
  readonly at: string;
  readonly note: string;
}

/** What is known of a version before it has its number. */
export type Draft = Omit<RuleSetVersion, 'version'> & { readonly document: unknown };

/** Why a version became current. All of these are activations and differ in name only. */
export type ActKind = 'apply' | 'rollback' | 'stop' | 'launch' | 'scheduled';

/** One act of making a version current, in the order in which they happened to all partitions. */
export interface Act {
  readonly number: number;
  readonly act: ActKind;
  readonly version: number;
  readonly hash: string;
  /** What was current before; `undefined` for the first act. */
  readonly before: number | undefined;
  readonly author: string;
  readonly note: string;
  readonly at: string;
  /** The schedule that it was planned by. */
  readonly schedule?: number;
  /** The key of the request that began it. */
  readonly request?: string;
}

/** A second person's word on a version. */
export interface Approval {
  readonly author: string;
  readonly at: string;
  readonly note: string;
}

/** A version that is to become current at an instant. */
export interface Schedule {
  readonly number: number;
  readonly version: number;
  /** When it is due, ISO 8601. */
  readonly due: string;
  readonly author: string;
  readonly note: string;
  readonly at: string;
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled';
  /** Why it failed, or who cancelled it. */
  readonly message?: string;
  readonly request?: string;
}

/** What operators work on before it is a version. */
export interface WorkingCopy {
  /** The version it was begun from. */
  readonly base: number;
  readonly document: unknown;
  /** Who changed which node last since then. */
  readonly touched: Readonly<Record<string, Touch>>;
  /** Promotions and groups that were taken out once they had run: their names stay taken. */
  readonly bin?: Readonly<Record<string, Touch>>;
  /** Requests that were carried out lately, the latest last. */
  readonly requests?: readonly string[];
  /** What was done to it lately, the latest last: for the audit list. */
  readonly edits?: readonly Edit[];
}

/** One edit of the working copy, kept in the same write as what it did. */
export interface Edit {
  /** Counted from 1 for as long as there is a working copy. */
  readonly number: number;
  /** What was ordered: `put`, `revert` … */
  readonly edit: string;
  readonly author: string;
  readonly note: string;
  readonly at: string;
  /** The first nodes that it changed, and how many those are in all. */
  readonly nodes: readonly string[];
  readonly changes: number;
}

export interface Touch {
  readonly author: string;
  readonly at: string;
}
