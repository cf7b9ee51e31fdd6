import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openBlock, recordsOf } from '../../../core/layout/block.ts';
import type { LedgerRecord } from '../../../core/ledger/record.ts';
import { renderOutcome } from '../../../core/outcome/render.ts';
import { partitionFolder } from '../../../workers/store/folders.ts';
import { LmdbStore } from '../../../workers/store/lmdb-store.ts';
import { isOutcome } from '../../client/outcome-json.ts';
import { type Answers, asRecorded, type Sent } from './answers.ts';

/** Every record of every partition's ledger, read from the files. */
export async function readLedger(storePath: string, partitions: number): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for (let partition = 0; partition < partitions; partition += 1) {
    const path = join(storePath, partitionFolder(partition));
    const store = new LmdbStore({ path, partition, partitions, readOnly: true });
    for (const block of store.blocks()) records.push(...recordsOf(openBlock(block)));
    await store.close();
  }
  return records;
}

/**
 * Compares what the tills were told with what the ledger holds: each transaction exactly once,
 * with the outcome that was answered. Returns what is wrong, for a person; nothing is best.
 */
export function differences(answers: Answers, ledger: readonly LedgerRecord[]): string[] {
  const records = new Map<string, LedgerRecord[]>();
  for (const record of ledger) {
    const same = records.get(record.id);
    if (same) same.push(record);
    else records.set(record.id, [record]);
  }
  const wrong = [...answers.contradictions];
  for (const id of answers.unanswered) wrong.push(`${id} has no durable answer`);
  for (const [id, sent] of answers.sent) {
    const firstUses = (records.get(id) ?? []).filter((record) => !isReuse(record));
    wrong.push(...compare(sent, firstUses));
  }
  for (const [id, sent] of answers.reused) {
    wrong.push(...compare(sent, (records.get(id) ?? []).filter(isReuse)));
  }
  return wrong;
}

function compare({ transaction, answer }: Sent, records: readonly LedgerRecord[]): string[] {
  const { id } = transaction;
  const [record] = records;
  if (transaction.kind === 'quote') {
    return record ? [`the quote ${id} is in the ledger`] : [];
  }
  if (!record || records.length > 1) return [`${id} is in the ledger ${records.length} times`];
  const recorded: unknown = renderOutcome(record.outcome);
  if (!isOutcome(recorded)) return [`${id} has no outcome in the ledger`];
  if (isDeepStrictEqual(asRecorded(recorded), answer)) return [];
  const both = `${JSON.stringify(asRecorded(recorded))}, the answer was ${JSON.stringify(answer)}`;
  return [`the ledger has for ${id} ${both}`];
}

function isReuse({ outcome }: LedgerRecord): boolean {
  return outcome.status === 'rejected' && outcome.reason === 'transaction-id-reused';
}
