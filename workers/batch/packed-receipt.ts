import type { Receipt } from './receipt.ts';

type LetterList = 'deadLetters' | 'leaseLetters' | 'topUpLetters';

/** A receipt that crosses the thread boundary: all its bytes in one transferable buffer. */
export interface PackedReceipt extends Omit<Receipt, 'answers' | LetterList> {
  /** Byte lengths of the answers; −1 where there is none. */
  readonly answerLengths: Int32Array;
  readonly deadLetterLengths: Int32Array;
  readonly leaseLetterLengths: Int32Array;
  readonly topUpLetterLengths: Int32Array;
  readonly bytes: ArrayBuffer;
}

export function packReceipt(receipt: Receipt): PackedReceipt {
  const { answers, deadLetters, leaseLetters, topUpLetters, ...rest } = receipt;
  const parts = [...answers, ...deadLetters, ...leaseLetters, ...topUpLetters];
  const total = parts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    if (!part) continue;
    bytes.set(part, at);
    at += part.length;
  }
  return {
    ...rest,
    answerLengths: Int32Array.from(answers, (answer) => answer?.length ?? -1),
    deadLetterLengths: Int32Array.from(deadLetters, (letter) => letter.length),
    leaseLetterLengths: Int32Array.from(leaseLetters, (letter) => letter.length),
    topUpLetterLengths: Int32Array.from(topUpLetters, (letter) => letter.length),
    bytes: bytes.buffer,
  };
}

export function unpackReceipt(packed: PackedReceipt): Receipt {
  const { answerLengths, deadLetterLengths, leaseLetterLengths, topUpLetterLengths, ...others } =
    packed;
  const { bytes, ...rest } = others;
  let at = 0;
  const take = (length: number): Uint8Array => {
    const part = new Uint8Array(bytes, at, length);
    at += length;
    return part;
  };
  return {
    ...rest,
    answers: Array.from(answerLengths, (length) => (length < 0 ? undefined : take(length))),
    deadLetters: Array.from(deadLetterLengths, take),
    leaseLetters: Array.from(leaseLetterLengths, take),
    topUpLetters: Array.from(topUpLetterLengths, take),
  };
}
