import type { CompiledDocument } from './compile.ts';
import type { Act, Approval, Draft, RuleSetVersion, Schedule, WorkingCopy } from './version.ts';

/** Something with the revision that a write has to name. */
export interface Held<T> {
  readonly value: T;
  readonly revision: number;
}

/** Where versions, acts, schedules and the working copy are kept, for all processes at once. */
export interface RuleBooks {
  /** The highest version number; 0 if there is none. */
  latest(): Promise<number>;
  version(number: number): Promise<RuleSetVersion | undefined>;
  documentOf(version: RuleSetVersion): Promise<unknown>;
  /** Gives the next number to a document; the same content again keeps its number. */
  publish(draft: Draft): Promise<RuleSetVersion>;
  /** The latest act: its version is current, or becomes so. */
  lastAct(): Promise<Act | undefined>;
  act(number: number): Promise<Act | undefined>;
  schedule(given: Omit<Schedule, 'number' | 'state'>): Promise<Schedule>;
  scheduled(number: number): Promise<Held<Schedule> | undefined>;
  lastSchedule(): Promise<number>;
  /** False: somebody else was quicker, and nothing is changed. */
  keepSchedule(schedule: Schedule, revision: number): Promise<boolean>;
  approvals(version: number): Promise<Held<readonly Approval[]> | undefined>;
  /** False: somebody else was quicker, and nothing is kept. */
  keepApprovals(
    version: number,
    approvals: readonly Approval[],
    revision: number,
  ): Promise<boolean>;
  /** The number of the latest edit of the working copy; it may be behind when a writer died. */
  lastEdit(): Promise<number>;
  workingCopy(): Promise<Held<WorkingCopy> | undefined>;
  /** False: somebody else was quicker, and nothing is kept. */
  keepWorkingCopy(copy: WorkingCopy, revision: number): Promise<boolean>;
}

/** One processor's word on a version. */
export interface Verdict {
  readonly processor: string;
  readonly partitions: readonly number[];
  readonly ok: boolean;
  /** What the version means there; it has to be the same everywhere. */
  readonly hash: string;
  readonly problems: readonly string[];
}

export interface Prepared {
  readonly verdicts: readonly Verdict[];
  /** Partitions for which no processor answered. */
  readonly away: readonly number[];
}

/** The processors of the deployment. */
export interface Processors {
  /** Has every processor fetch, compile and check a version, and waits for their words. */
  prepare(version: Pick<RuleSetVersion, 'version' | 'hash'>): Promise<Prepared>;
  /**
   * Writes the act down under its number and lets it into the log of every partition. False: the
   * number was given to somebody else's act meanwhile, and nothing happens.
   */
  activate(act: Act): Promise<boolean>;
}

export interface RulePorts {
  readonly books: RuleBooks;
  readonly processors: Processors;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Compiles elsewhere, where nothing that is in a hurry waits for it. */
  readonly compile?: (document: unknown) => Promise<CompiledDocument>;
}
