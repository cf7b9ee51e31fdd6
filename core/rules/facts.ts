import type { ArbitrationInput } from '../arbitration/decision.ts';
import type { Instant, MinorUnits } from '../money/units.ts';
import type { LocalTime } from '../time/local.ts';
import type { Fields, OrderLine } from '../transaction/transaction.ts';
import type { PlaceCurrency, Settings } from './normal.ts';

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
  /** Of a trigger: the event's `type` and fields. `undefined` for a checkout. */
  readonly event: Fields | undefined;
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
  /** What is paid there; `undefined`: the programme's currency. */
  readonly currency: PlaceCurrency | undefined;
  /** Place ids, the most specific first. */
  readonly path: readonly string[];
}

/**
 * The answer of a condition: `undefined` when it holds, otherwise why it does not, as one of the
 * stable reason codes of `reasons.ts`. A string and not an object, so that a "no" costs nothing.
 */
export type Verdict = string | undefined;
export type Predicate = (facts: Facts) => Verdict;
