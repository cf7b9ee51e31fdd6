import { type ChainVerdict, verifyChain } from '../../ops/audit/chain.ts';
import { AccessStore } from '../access/access-store.ts';
import { Fault } from '../fault.ts';
import { OpenLedger } from '../read-only/open-ledger.ts';
import { findTransaction, type RecordedTransaction } from '../replay-decision/find-transaction.ts';
import { type ReplayedDecision, replayDecision } from '../replay-decision/replay-decision.ts';

/** What looks at the past inside a thread, where no checkout waits for it. */

export interface LookTask {
  readonly storePath: string;
  readonly transaction: string;
  readonly version?: string | undefined;
}

export async function find(task: LookTask): Promise<RecordedTransaction | undefined> {
  const ledger = OpenLedger.find(task.storePath);
  try {
    return ledger && findTransaction(ledger, task.transaction);
  } finally {
    await ledger?.close();
  }
}

/** A fault would lose its code on the way between threads. */
export type Replayed =
  | { readonly ok: true; readonly replayed: ReplayedDecision }
  | { readonly ok: false; readonly code: string; readonly message: string };

export async function replay({ storePath, ...asked }: LookTask): Promise<Replayed> {
  const ledger = OpenLedger.open(storePath);
  try {
    return { ok: true, replayed: replayDecision(ledger, asked) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ok: false, code: error.code, message: error.message };
  } finally {
    await ledger.close();
  }
}

/** Checks the audit list up to where it ends now; rows that come meanwhile wait for next time. */
export async function verifyAudit(path: string): Promise<ChainVerdict & { readonly hash: string }> {
  const store = AccessStore.existing(path);
  try {
    const head = store.head();
    return { ...verifyChain(rowsUpTo(store, head.sequence), head), hash: head.hash };
  } finally {
    await store.close();
  }
}

function* rowsUpTo(store: AccessStore, last: number) {
  for (const row of store.rows()) {
    if (row.sequence > last) return;
    yield row;
  }
}
