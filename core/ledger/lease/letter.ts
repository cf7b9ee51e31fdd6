import type { Instant } from '../../money/units.ts';
import type { Amounts, Limits } from './amounts.ts';

/**
 * What partitions tell each other about a shared budget: a transaction in the log of the
 * partition it is for, and a record in the ledger of the one that wrote it. Each is named by the
 * ledger sequence of that record, so that a letter that comes twice is recognised by its id.
 *
 * - `ask`: a partition tells the home partition what it needs
 * - `grant`: the home partition's answer
 * - `recall`: the home partition wants back what is not spent
 * - `surrender`: what a partition gives back
 */
export interface LeaseLetter {
  readonly kind: 'lease';
  readonly id: string;
  readonly act: LeaseAct;
  readonly from: number;
  readonly to: number;
  readonly budget: string;
  readonly limits: Limits;
  /** Rule-set version that the limits are of. */
  readonly version: number;
  /** After this instant nothing reads the budget any more. */
  readonly until: Instant | undefined;
  /** Needed, granted or given back. */
  readonly amounts: Amounts;
  /** Of an ask: what would be good to have on top. */
  readonly ahead: Amounts;
  /** Of an ask or a surrender: what was granted so far, before anything is given back. */
  readonly held: Amounts;
  /** Of an ask or a surrender: what was spent so far. */
  readonly used: Amounts;
  /** Of a grant: nothing is left anywhere. */
  readonly exhausted: boolean;
  /** Of a surrender: it answers a recall, so nothing unspent is left there. */
  readonly recalled: boolean;
}

export const LEASE_ACTS = ['ask', 'grant', 'recall', 'surrender'] as const;
export type LeaseAct = (typeof LEASE_ACTS)[number];

/** A letter before it has a place in the ledger, which names it. */
export type LetterDraft = Omit<LeaseLetter, 'kind' | 'id' | 'from'>;

/** The letter that is recorded at a ledger sequence. */
export function seal(
  draft: LetterDraft,
  from: { readonly partition: number; readonly sequence: number },
): LeaseLetter {
  const id = `lease/${from.partition}/${from.sequence}`;
  return { kind: 'lease', id, from: from.partition, ...draft };
}
