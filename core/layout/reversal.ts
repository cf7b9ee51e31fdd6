import type { Reversal } from '../ledger/state.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';
import { readList } from './fields.ts';

export function writeReversal(writer: ByteWriter, reversal: Reversal): void {
  writer.string(reversal.checkout);
  writer.byte(reversal.complete ? 1 : 0);
  writer.unsigned(reversal.returned.length);
  for (const quantity of reversal.returned) writer.unsigned(quantity);
}

export function readReversal(bytes: Uint8Array): Reversal {
  const reader = new ByteReader(bytes);
  const checkout = reader.string();
  const complete = reader.byte() === 1;
  return { checkout, complete, returned: readList(reader, (from) => from.unsigned()) };
}
