import type { IndexEntry } from '../ledger/state-reader.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';

const DIGEST_BYTES = 16;

export function writeIndexEntry(writer: ByteWriter, entry: IndexEntry): void {
  writer.bytes(entry.digest);
  writer.unsigned(entry.block);
  writer.unsigned(entry.offset);
}

export function readIndexEntry(bytes: Uint8Array): IndexEntry {
  const reader = new ByteReader(bytes);
  const digest = reader.bytes(DIGEST_BYTES);
  return { digest, block: reader.unsigned(), offset: reader.unsigned() };
}
