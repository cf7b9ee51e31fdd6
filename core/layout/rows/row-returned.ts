import { type RowContribution, readContribution } from './row-sold.ts';
import type { Text, TextReader } from './text-reader.ts';

/** What the tables show of a reversal, in the order of `record.ts`. */
export interface Returned {
  readonly lines: readonly ReturnedLine[];
  readonly delivery: number;
  readonly deliveryDiscount: number;
  readonly contributions: readonly RowContribution[];
}

export interface ReturnedLine {
  readonly line: Text;
  readonly quantity: number;
  readonly gross: number;
  readonly discount: number;
  readonly paidWithPoints: number;
  readonly sku: Text;
  readonly category: Text;
  readonly brand: Text;
  readonly partner: Text;
  readonly price: number;
  readonly awards: readonly ReturnedAward[];
}

export interface ReturnedAward {
  readonly promotion: Text;
  readonly amount: number;
}

export function readReturned(from: TextReader): Returned {
  const { numbers } = from;
  from.text(); // The checkout that its transaction names too.
  return {
    lines: from.list(readLine),
    delivery: numbers.signed(),
    deliveryDiscount: numbers.signed(),
    contributions: from.list(readContribution),
  };
}

function readLine(from: TextReader): ReturnedLine {
  const { numbers } = from;
  return {
    line: from.text(),
    quantity: numbers.signed(),
    gross: numbers.signed(),
    discount: numbers.signed(),
    paidWithPoints: numbers.signed(),
    sku: from.name(),
    category: from.name(),
    brand: from.name(),
    partner: from.name(),
    price: numbers.unsigned(),
    awards: from.list(readAward),
  };
}

function readAward(from: TextReader): ReturnedAward {
  const promotion = from.name();
  from.numbers.skipNumbers(1); // Its benefit.
  return { promotion, amount: from.numbers.signed() };
}
