import { KIND_CODES, readTransaction } from '../transaction.ts';
import { NO_TEXT, type Text, type TextReader } from './text-reader.ts';

/** What the tables show of a record's transaction. */
export interface Ordered {
  /** The checkout that a return or cancel is about. */
  readonly checkout: Text;
  readonly lines: readonly OrderedLine[];
}

/** What was ordered on a line. */
export interface OrderedLine {
  readonly sku: Text;
  /** Its first. */
  readonly category: Text;
  readonly brand: Text;
  readonly partner: Text;
  readonly quantity: number;
  readonly price: number;
}

const NOTHING: Ordered = { checkout: NO_TEXT, lines: [] };

/** Reads the transaction, and what it sold where it does not say that itself. */
export function readOrdered(from: TextReader): Ordered {
  const parts = from.numbers.byte();
  const ordered = parts === 0 ? NOTHING : readInput(from);
  return parts === 2 ? readInput(from) : ordered;
}

function readInput(from: TextReader): Ordered {
  const { bytes, numbers } = from;
  const start = numbers.position;
  const code = bytes[start];
  if (code === KIND_CODES.checkout) return { checkout: NO_TEXT, lines: readCheckout(from) };
  if (code !== KIND_CODES.return && code !== KIND_CODES.cancel) {
    readTransaction(numbers);
    return NOTHING;
  }
  numbers.skip(1);
  from.text(); // Its id.
  from.optionalText(); // Its member.
  const checkout = from.text();
  numbers.goTo(start);
  readTransaction(numbers);
  return { checkout, lines: [] };
}

/** The same fields in the same order as in `transaction.ts`. */
function readCheckout(from: TextReader): readonly OrderedLine[] {
  const { numbers } = from;
  numbers.skip(1);
  from.text(); // Its id.
  // Member, card, store, partner and channel are the record's.
  for (let left = 5; left > 0; left--) from.optionalText();
  if (numbers.byte() === 1) numbers.skipNumbers(1);
  from.optionalText();
  const lines = from.list(readLine);
  numbers.skipNumbers(1);
  from.skipTexts();
  if (numbers.byte() === 1) {
    from.text();
    numbers.skip(FLOAT_BYTES);
  }
  from.optionalText();
  if (numbers.byte() === 1) numbers.skip(2 * FLOAT_BYTES);
  skipFields(from);
  return lines;
}

const FLOAT_BYTES = 8;

function readLine(from: TextReader): OrderedLine {
  const { numbers } = from;
  from.text(); // Its id is the decision's.
  const sku = from.text();
  const categories = numbers.unsigned();
  const category = categories === 0 ? NO_TEXT : from.text();
  for (let left = categories - 1; left > 0; left--) from.text();
  const line = {
    sku,
    category,
    brand: from.optionalText(),
    partner: from.optionalText(),
    quantity: numbers.unsigned(),
    price: numbers.unsigned(),
  };
  numbers.skipNumbers(1); // Its gross is the decision's.
  from.skipTexts();
  skipFields(from);
  return line;
}

/** Moves behind what `writeFields` wrote. */
export function skipFields(from: TextReader): void {
  const { numbers } = from;
  for (let left = numbers.unsigned(); left > 0; left--) {
    from.text();
    const tag = numbers.byte();
    if (tag === 0) from.text();
    else if (tag === 1) numbers.skip(FLOAT_BYTES);
  }
}
