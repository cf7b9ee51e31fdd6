import type { Reversal } from '../ledger/state.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';
import { readList } from './fields.ts';

export function writeReversal(writer: ByteWriter, reversal: Reversal): void {
  writer.string(reversal.checkout);
  writer.byte(reversal.complete ? 1 : 0);
  writer.unsigned(reversal.returned.length);
  for (const quantity of reversal.returned) writer.unsigned(quantity);
  writer.byte(reversal.standing === undefined ? 0 : 1);
  if (!reversal.standing) return;
  const { discounts, accruals, contributions } = reversal.standing;
  for (const amounts of [discounts, accruals, contributions]) {
    writer.unsigned(amounts.length);
    for (const amount of amounts) writer.signed(amount);
  }
}

export function readReversal(bytes: Uint8Array): Reversal {
  const reader = new ByteReader(bytes);
  const checkout = reader.string();
  const complete = reader.byte() === 1;
  const returned = readList(reader, (from) => from.unsigned());
  const amounts = (): number[] => readList(reader, (from) => from.signed());
  if (reader.byte() === 0) return { checkout, complete, returned };
  const standing = { discounts: amounts(), accruals: amounts(), contributions: amounts() };
  return { checkout, complete, returned, standing };
}
