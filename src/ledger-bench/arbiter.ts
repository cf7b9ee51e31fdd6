import { join } from 'node:path';
import { openBlock } from '../../core/layout/block.ts';
import { readMember } from '../../core/layout/member.ts';
import { balance } from '../../core/ledger/lots.ts';
import { plainTree } from '../../core/testing/plain-tree.ts';
import { applyBatch } from '../../workers/batch/apply-batch.ts';
import { ENVELOPE_TRANSACTIONS_MAX } from '../../workers/batch/envelope.ts';
import type { LogMessage } from '../../workers/batch/request.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { type Contestant, MEMBERS, type Post } from './contestant.ts';

const LIFE = { epoch: 1, created: 'bench' };
const TREE = plainTree();
const TREES = { usable: () => true, treeOf: () => TREE };

/**
 * Our own ledger as the processor uses it, on one thread and one partition: messages are decoded,
 * folded, packed into a hashed block and written with one fsync.
 */
export function openArbiter(folder: string): Contestant {
  const store = new LmdbStore({ path: join(folder, 'arbiter'), partition: 0, partitions: 1 });
  let sequence = 0;
  const write = (transactions: readonly object[]): void => {
    const messages: LogMessage[] = [];
    for (let from = 0; from < transactions.length; from += ENVELOPE_TRANSACTIONS_MAX) {
      sequence += 1;
      const some = transactions.slice(from, from + ENVELOPE_TRANSACTIONS_MAX);
      const data = Buffer.from(JSON.stringify(some));
      messages.push({
        sequence,
        storedAt: Date.now(),
        store: '',
        format: 'json',
        answer: false,
        data,
      });
    }
    store.write(applyBatch(store, TREES, { messages, source: LIFE }).writes);
  };
  write([{ id: 'on', kind: 'activation', version: 1, hash: 'h', author: 'bench', note: '' }]);
  for (let first = 0; first < MEMBERS; first += 2_000) {
    write(
      Array.from({ length: 2_000 }, (_, index) => {
        const member = `m-${first + index}`;
        return { id: `enrol-${member}`, kind: 'enrol', member };
      }),
    );
  }
  const before = store.meta().ledgerSequence;
  return {
    name: 'Arbiter, one partition',
    post: (batch) => write(batch.map(transactionOf)),
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

function transactionOf({ id, member, points: amount }: Post): object {
  return { id, kind: 'adjust', member, type: 'main', amount, comment: '' };
}
