import { must } from '../../core/assert.ts';
import { packParts, unpackParts } from './packed-parts.ts';
import type { Receipt } from './receipt.ts';

type List = 'answers' | 'deadLetters' | 'leaseLetters' | 'topUpLetters';

/** A receipt that crosses the thread boundary: all its bytes in one transferable buffer. */
export interface PackedReceipt extends Omit<Receipt, List> {
  /** How many parts belong to each list, in the order of the lists. */
  readonly counts: readonly number[];
  readonly parts: ArrayBuffer;
}

export function packReceipt(receipt: Receipt): PackedReceipt {
  const { answers, deadLetters, leaseLetters, topUpLetters, ...rest } = receipt;
  const lists = [answers, deadLetters, leaseLetters, topUpLetters];
  return { ...rest, counts: lists.map((list) => list.length), parts: packParts(lists.flat()) };
}

export function unpackReceipt(packed: PackedReceipt): Receipt {
  const { counts, parts, ...rest } = packed;
  const all = unpackParts(parts);
  let at = 0;
  const take = (list: number): (Uint8Array | undefined)[] => {
    const start = at;
    at += counts[list] ?? 0;
    return all.slice(start, at);
  };
  const letters = (list: number): Uint8Array[] =>
    take(list).map((letter) => must(letter, 'a letter has its bytes'));
  return {
    ...rest,
    answers: take(0),
    deadLetters: letters(1),
    leaseLetters: letters(2),
    topUpLetters: letters(3),
  };
}
