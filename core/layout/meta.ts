import type { PartitionMeta } from '../ledger/partition-meta.ts';
import type { Instant } from '../money/units.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';
import { readList, readStrings, writeStrings } from './fields.ts';

export function writeMeta(writer: ByteWriter, meta: PartitionMeta): void {
  writer.unsigned(meta.format);
  writer.unsigned(meta.partition);
  writer.unsigned(meta.partitions);
  writer.unsigned(meta.epoch);
  writer.unsigned(meta.ledgerSequence);
  writer.unsigned(meta.source.epoch);
  writer.string(meta.source.created);
  writer.unsigned(meta.source.sequence);
  writer.unsigned(meta.source.storedAt);
  writer.string(meta.blockHash);
  writer.unsigned(meta.activations.length);
  for (const activation of meta.activations) {
    writer.unsigned(activation.version);
    writer.string(activation.hash);
    writer.signed(activation.activeFrom);
  }
  writer.unsigned(meta.waiting.parked);
  writer.unsigned(meta.waiting.relays);
  writeStrings(writer, meta.leaseWaits);
  writeStrings(writer, meta.leaseRecalls);
}

export function readMeta(bytes: Uint8Array): PartitionMeta {
  const reader = new ByteReader(bytes);
  return {
    format: reader.unsigned(),
    partition: reader.unsigned(),
    partitions: reader.unsigned(),
    epoch: reader.unsigned(),
    ledgerSequence: reader.unsigned(),
    source: {
      epoch: reader.unsigned(),
      created: reader.string(),
      sequence: reader.unsigned(),
      storedAt: reader.unsigned(),
    },
    blockHash: reader.string(),
    activations: readList(reader, (from) => ({
      version: from.unsigned(),
      hash: from.string(),
      activeFrom: from.signed() as Instant, // Written from an instant.
    })),
    waiting: { parked: reader.unsigned(), relays: reader.unsigned() },
    leaseWaits: readStrings(reader),
    leaseRecalls: readStrings(reader),
  };
}
