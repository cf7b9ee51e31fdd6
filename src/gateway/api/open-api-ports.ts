import type { NatsConnection } from 'nats';
import { audited } from '../../../ops/rules/audited.ts';
import { ruleDesk } from '../../../ops/rules/desk.ts';
import type { AccessStore } from '../../access/access-store.ts';
import type { ClickHouse } from '../../clickhouse/client.ts';
import type { Processor } from '../../processor/processor.ts';
import { NatsProcessors, type NatsProcessorsOptions } from '../../rules/nats-processors.ts';
import { searchTransactions } from '../../transaction-list/transaction-search.ts';
import type { TrialPool } from '../../trials/trial-pool.ts';
import type { ApiPorts } from './api.ts';
import { openRequestAnswers } from './request-answers.ts';
import { ruleApiPorts } from './rule-api.ts';

export interface ApiParts {
  readonly connection: NatsConnection;
  readonly processor: Processor;
  readonly clickhouse: ClickHouse;
  readonly pool: TrialPool;
  /** Everything that is changed is written down there. */
  readonly store: AccessStore;
  readonly replicas: number;
  readonly patience?: Pick<NatsProcessorsOptions, 'presenceMilliseconds'>;
}

/** What is under `/api/v1`, over a system that runs. */
export async function openApiPorts(parts: ApiParts): Promise<ApiPorts> {
  const { connection, processor, clickhouse, pool, store, replicas, patience } = parts;
  const { registry, deployment } = processor;
  const { partitions } = deployment;
  const processors = new NatsProcessors({ connection, registry, partitions, ...patience });
  const compile = pool.compile.bind(pool);
  const rules = { books: registry.books, processors, now: Date.now, compile };
  const trail = { note: store.noteAside.bind(store), now: Date.now };
  const perform = audited(ruleDesk(rules), trail);
  return {
    rules: ruleApiPorts({ processor, pool, rules, perform }),
    ledger: {
      search: (filter) => searchTransactions(clickhouse, filter),
      find: pool.find.bind(pool),
      replay: pool.replay.bind(pool),
      now: Date.now,
    },
    audit: {
      head: store.head.bind(store),
      rows: store.rows.bind(store),
      verify: () => pool.verifyAudit(store.path),
    },
    answers: await openRequestAnswers(connection, { replicas }),
  };
}
