import { createHash } from 'node:crypto';

/**
 * The audit list as a chain: each row carries the hash of the one before it, so that a row cannot
 * be changed, removed or put in between without breaking all that follow.
 */

/** What somebody did or tried. */
export interface AuditEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: string;
  /** Such as `tokens.create`. */
  readonly action: string;
  /** What it was done to. */
  readonly object: string;
  readonly outcome: 'begun' | 'done' | 'refused';
  /** Whatever else there is to know, without secrets. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditRow extends AuditEvent {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Of the row before; of the first one, `FIRST_HASH`. */
  readonly previousHash: string;
  /** SHA-256 of everything above, in hexadecimal. */
  readonly hash: string;
}

/** Where a chain stands: what has to be kept to tell that its end was not cut off. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

export const FIRST_HASH = '0'.repeat(64);
export const EMPTY_CHAIN: ChainHead = { sequence: 0, hash: FIRST_HASH };

/** The next row of a chain. */
export function nextRow(head: ChainHead, event: AuditEvent): AuditRow {
  const row = { ...event, sequence: head.sequence + 1, previousHash: head.hash };
  return { ...row, hash: hashOf(row) };
}

/** A fixed order of fields, so that the same row always has the same hash. */
function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const { sequence, previousHash, at, actor, action, object, outcome, detail } = row;
  const details = Object.keys(detail)
    .toSorted()
    .map((name) => [name, detail[name]]);
  const text = JSON.stringify([
    sequence,
    previousHash,
    at,
    actor,
    action,
    object,
    outcome,
    details,
  ]);
  return createHash('sha256').update(text).digest('hex');
}

export type ChainVerdict =
  | { readonly ok: true; readonly rows: number }
  | { readonly ok: false; readonly sequence: number; readonly problem: string };

/** Checks rows in order, and that they end where the chain is known to stand. */
export function verifyChain(rows: Iterable<AuditRow>, head: ChainHead): ChainVerdict {
  let last: ChainHead = EMPTY_CHAIN;
  for (const row of rows) {
    const sequence = last.sequence + 1;
    if (row.sequence !== sequence) {
      return { ok: false, sequence, problem: `row ${sequence} is missing` };
    }
    if (row.previousHash !== last.hash) {
      return { ok: false, sequence, problem: `row ${sequence} does not follow the one before it` };
    }
    if (row.hash !== hashOf(row)) {
      return { ok: false, sequence, problem: `row ${sequence} was changed` };
    }
    last = row;
  }
  if (last.sequence !== head.sequence || last.hash !== head.hash) {
    const sequence = last.sequence + 1;
    const problem = `the list ends at row ${last.sequence}, but had ${head.sequence}`;
    return { ok: false, sequence, problem };
  }
  return { ok: true, rows: last.sequence };
}
