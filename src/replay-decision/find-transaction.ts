import { idKey } from '../../core/ledger/state-reader.ts';
import { renderOutcome } from '../../core/outcome/render.ts';
import type { OpenLedger } from '../read-only/open-ledger.ts';

/** A transaction on record, with its decision as it was answered. */
export interface RecordedTransaction {
  readonly id: string;
  readonly kind: string;
  readonly member: string | null;
  readonly store: string;
  readonly region: string;
  readonly partner: string;
  readonly channel: string;
  readonly currency: string;
  readonly occurredAt: string;
  readonly acceptedAt: string;
  readonly partition: number;
  readonly sequence: number;
  readonly outcome: unknown;
}

/** Looks a transaction up by its id, in the ledger itself. */
export function findTransaction(ledger: OpenLedger, id: string): RecordedTransaction | undefined {
  for (let partition = 0; partition < ledger.partitions; partition += 1) {
    const store = ledger.store(partition);
    const entry = store?.index(idKey(id));
    if (!store || !entry) continue;
    const record = store.record(entry);
    const { kind, store: where, region, partner, channel, currency, sequence } = record;
    return {
      id,
      kind,
      member: record.member || null,
      store: where,
      region,
      partner,
      channel,
      currency,
      occurredAt: new Date(record.occurredAt).toISOString(),
      acceptedAt: new Date(record.acceptedAt).toISOString(),
      partition,
      sequence,
      outcome: renderOutcome(record.outcome),
    };
  }
  return undefined;
}
