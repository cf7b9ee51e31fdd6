import { must } from '../assert.ts';
import type { Amounts, Limits } from '../ledger/lease/amounts.ts';
import { LEASE_ACTS, type LeaseLetter } from '../ledger/lease/letter.ts';
import type { Instant } from '../money/units.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { readOptionalInteger, writeOptionalInteger } from './fields.ts';

/** A letter without its kind and id, which every transaction has. */
export function writeLetter(writer: ByteWriter, letter: LeaseLetter): void {
  writer.byte(LEASE_ACTS.indexOf(letter.act));
  writer.unsigned(letter.from);
  writer.unsigned(letter.to);
  writer.string(letter.budget);
  writeLimits(writer, letter.limits);
  writer.unsigned(letter.version);
  writeOptionalInteger(writer, letter.until);
  writeAmounts(writer, letter.amounts);
  writeAmounts(writer, letter.ahead);
  writeAmounts(writer, letter.held);
  writeAmounts(writer, letter.used);
  writer.byte((letter.exhausted ? 1 : 0) + (letter.recalled ? 2 : 0));
}

export function readLetter(reader: ByteReader, id: string): LeaseLetter {
  const letter = {
    kind: 'lease' as const,
    id,
    act: must(LEASE_ACTS[reader.byte()], 'unknown act of a lease in the store'),
    from: reader.unsigned(),
    to: reader.unsigned(),
    budget: reader.string(),
    limits: readLimits(reader),
    version: reader.unsigned(),
    until: readOptionalInteger(reader) as Instant | undefined,
    amounts: readAmounts(reader),
    ahead: readAmounts(reader),
    held: readAmounts(reader),
    used: readAmounts(reader),
  };
  const flags = reader.byte();
  return { ...letter, exhausted: flags % 2 === 1, recalled: flags >= 2 };
}

export function writeAmounts(writer: ByteWriter, amounts: Amounts): void {
  for (const amount of amounts) writer.signed(amount);
}

export function readAmounts(reader: ByteReader): Amounts {
  return [reader.signed(), reader.signed(), reader.signed(), reader.signed()];
}

export function writeLimits(writer: ByteWriter, limits: Limits): void {
  for (const limit of limits) writeOptionalInteger(writer, limit);
}

export function readLimits(reader: ByteReader): Limits {
  const next = (): number | undefined => readOptionalInteger(reader);
  return [next(), next(), next(), next()];
}
