import type { Text, TextReader } from './text-reader.ts';

/** What the tables show of a decision, in the order of `decision.ts`. */
export interface Sold {
  readonly totals: RowTotals;
  readonly lines: readonly SoldLine[];
  readonly deliveryAwards: readonly RowAward[];
  readonly accruals: readonly RowAccrual[];
  readonly redemptions: readonly RowRedemption[];
  readonly contributions: readonly RowContribution[];
  /** Promotions that gave texts, and that gave codes. */
  readonly texts: readonly Text[];
  readonly codes: readonly Text[];
}

/** Money in minor units. */
export interface RowTotals {
  readonly gross: number;
  readonly discount: number;
  readonly delivery: number;
  readonly deliveryDiscount: number;
  readonly paidWithPoints: number;
  readonly payable: number;
}

export interface SoldLine {
  readonly id: Text;
  readonly gross: number;
  readonly discount: number;
  readonly paidWithPoints: number;
  readonly awards: readonly RowAward[];
}

export interface RowAward {
  readonly promotion: Text;
  readonly benefit: Text;
  readonly requested: number;
  readonly applied: number;
}

export interface RowAccrual {
  readonly promotion: Text;
  readonly benefit: Text;
  readonly type: Text;
  readonly requested: number;
}

export interface RowRedemption {
  readonly promotion: Text;
  readonly asDiscount: boolean;
}

export interface RowContribution {
  readonly promotion: Text;
  readonly partner: Text;
  readonly amount: number;
}

export function readSold(from: TextReader): Sold {
  const sold = {
    totals: readTotals(from),
    lines: from.list(readLine),
    deliveryAwards: from.list(readAward),
    accruals: from.list(readAccrual),
    redemptions: from.list(readRedemption),
    contributions: from.list(readContribution),
    texts: from.list(readGivenText),
    codes: from.list(readGivenCode),
  };
  const { numbers } = from;
  numbers.skipNumbers(2 * numbers.unsigned()); // What did not apply, and why.
  for (let left = numbers.unsigned(); left > 0; left--) skipUsage(from);
  return sold;
}

function readTotals({ numbers }: TextReader): RowTotals {
  return {
    gross: numbers.signed(),
    discount: numbers.signed(),
    delivery: numbers.signed(),
    deliveryDiscount: numbers.signed(),
    paidWithPoints: numbers.signed(),
    payable: numbers.signed(),
  };
}

function readLine(from: TextReader): SoldLine {
  const { numbers } = from;
  return {
    id: from.text(),
    gross: numbers.signed(),
    discount: numbers.signed(),
    paidWithPoints: numbers.signed(),
    awards: from.list(readAward),
  };
}

function readAward(from: TextReader): RowAward {
  const { numbers } = from;
  return {
    promotion: from.name(),
    benefit: from.name(),
    requested: numbers.signed(),
    applied: numbers.signed(),
  };
}

function readAccrual(from: TextReader): RowAccrual {
  const { numbers } = from;
  const accrual = {
    promotion: from.name(),
    benefit: from.name(),
    type: from.name(),
    requested: numbers.signed(),
  };
  numbers.skipNumbers(1); // Its points, which the transfers have.
  const credit = numbers.byte();
  if (credit === CREDIT_AT) numbers.skipNumbers(1);
  numbers.skipNumbers(numbers.unsigned());
  from.optionalText();
  return accrual;
}

/** The credit of an accrual that has an instant behind it. */
const CREDIT_AT = 2;

function readRedemption(from: TextReader): RowRedemption {
  const { numbers } = from;
  const promotion = from.optionalText();
  numbers.skipNumbers(3); // Its type, points and amount.
  const asDiscount = numbers.byte() === 1;
  numbers.skipNumbers(numbers.unsigned());
  numbers.skipNumbers(numbers.unsigned());
  return { promotion, asDiscount };
}

/** Also of a reversal: both write them alike. */
export function readContribution(from: TextReader): RowContribution {
  return { promotion: from.name(), partner: from.name(), amount: from.numbers.signed() };
}

function readGivenText(from: TextReader): Text {
  const promotion = from.name();
  from.text();
  return promotion;
}

function readGivenCode(from: TextReader): Text {
  const promotion = from.name();
  from.numbers.skipNumbers(2); // Its pool and its message.
  return promotion;
}

function skipUsage({ numbers }: TextReader): void {
  numbers.skip(1); // Its scope.
  numbers.skipNumbers(5); // Its key and four amounts.
  if (numbers.byte() === 1) numbers.skipNumbers(1);
}
