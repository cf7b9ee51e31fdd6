import { join } from 'node:path';
import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import { openBlock } from '../../core/layout/block.ts';
import { readMember } from '../../core/layout/member.ts';
import { balance } from '../../core/ledger/lots.ts';
import { instant } from '../../core/money/units.ts';
import { plainTree } from '../../core/testing/plain-tree.ts';
import { foldBatch } from '../../workers/batch/apply-batch.ts';
import { ReceiptWriter } from '../../workers/batch/receipt.ts';
import type { LogMessage } from '../../workers/batch/request.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import {
  type Answers,
  type Contestant,
  expiryOf,
  MEMBERS,
  memberName,
  type Result,
} from './contestant.ts';

const LIFE = { epoch: 1, created: 'bench' };
const TREE = treeWithExpiry();
const TREES = { usable: () => true, treeOf: () => TREE };

/** A rule set whose points live for a year of whole days. */
function treeWithExpiry(): ArbitrationTree {
  const plain = plainTree();
  const expiresAt = (at: number) => instant(expiryOf(at));
  const types = [...plain.pointTypes].map(([id, type]) => [id, { ...type, expiresAt }] as const);
  return { ...plain, pointTypes: new Map(types) };
}

/**
 * Our own ledger as a worker runs it, on one thread and one partition: messages are decoded,
 * folded, packed into a hashed block, written with one fsync and answered.
 */
export function openArbiter(folder: string): Contestant {
  const store = new LmdbStore({ path: join(folder, 'arbiter'), partition: 0, partitions: 1 });
  let sequence = 0;
  const post = (sent: readonly Uint8Array[]): Answers => {
    const storedAt = Date.now();
    const messages = sent.map((data): LogMessage => {
      sequence += 1;
      return { sequence, storedAt, format: 'json', answer: true, data, store: '' };
    });
    const listener = new ReceiptWriter(0);
    const folded = foldBatch(store, TREES, { batch: { messages, source: LIFE }, listener });
    store.write(folded.writes);
    return listener.receipt(folded).answers.flatMap((answer) => answer ?? []);
  };
  const send = (list: readonly object[]): Answers => post([Buffer.from(JSON.stringify(list))]);
  send([{ id: 'on', kind: 'activation', version: 1, hash: 'h', author: 'bench', note: '' }]);
  for (let first = 0; first < MEMBERS; first += 500) {
    const members = Array.from({ length: 500 }, (_, index) => memberName(first + index));
    send(members.map((member) => ({ id: `enrol-${member}`, kind: 'enrol', member })));
  }
  const before = store.meta().ledgerSequence;
  return {
    name: 'Arbiter, one partition',
    post,
    resultsOf,
    totals: () => {
      let points = 0;
      for (const bytes of store.members()) {
        for (const account of readMember(bytes).accounts.values()) points += balance(account);
      }
      let records = 0;
      for (const bytes of store.blocks()) records += openBlock(bytes).count;
      return { points, postings: records - before };
    },
    close: () => store.close(),
  };
}

const RESULTS: Readonly<Record<string, Result>> = { accepted: 'done', exists: 'exists' };

function resultsOf(answer: Uint8Array): Result[] {
  const list: readonly { readonly status: string; readonly reason?: string }[] = JSON.parse(
    Buffer.from(answer).toString(),
  );
  return list.map(({ status, reason }) =>
    reason === 'transaction-id-reused' ? 'conflict' : (RESULTS[status] ?? 'refused'),
  );
}
