import type { ArbitrationInput } from '../arbitration/decision.ts';
import type { Instant, MinorUnits } from '../money/units.ts';
import type { OrderLine } from '../transaction/transaction.ts';
import type { Settings } from './normal.ts';

/**
 * What conditions and line scopes may look at while a checkout is decided. The engine makes one
 * of these a decision and keeps `currentTotal` and the lines' `net` up to date as prices fall.
 */
export interface Facts {
  readonly input: ArbitrationInput;
  readonly at: Instant;
  readonly place: PlaceFacts;
  /** Local time at the place, computed once a decision by `localTime(at, place.zone)`. */
  readonly local: LocalTime;
  readonly lines: readonly LineFacts[];
  /** Goods before all discounts. */
  readonly initialTotal: MinorUnits;
  /** Goods after the discounts so far (of this chain of arbitration). */
  readonly currentTotal: MinorUnits;
  readonly missingGeo: Settings['missingGeo'];
}

/** One order line with its present state. */
export interface LineFacts {
  readonly line: OrderLine;
  /** Position in the checkout. */
  readonly index: number;
  /** Subtotal after the discounts so far. `discounted` means `net < line.gross`. */
  readonly net: MinorUnits;
}

/** Where the checkout happens. An unknown store has an empty path and the programme's zone. */
export interface PlaceFacts {
  readonly store: string | undefined;
  readonly region: string | undefined;
  readonly country: string | undefined;
  /** The checkout's own partner, else the place's. */
  readonly partner: string | undefined;
  readonly zone: string;
  /** Place ids, the most specific first. */
  readonly path: readonly string[];
}

/** An instant on the wall of a place. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** ISO weekday, 1 = Monday … 7 = Sunday. */
  readonly weekday: number;
  /** Minutes since local midnight, by the wall clock. */
  readonly minute: number;
}

/**
 * The answer of a condition: `undefined` when it holds, otherwise why it does not, as one of the
 * stable reason codes of `reasons.ts`. A string and not an object, so that a "no" costs nothing.
 */
export type Verdict = string | undefined;
export type Predicate = (facts: Facts) => Verdict;
