import type { Instant } from '../../money/units.ts';
import { DAY_MS } from '../../time/date.ts';
import { minuteOfWeek } from '../../time/local.ts';
import { contains, resolvePeriod } from '../../time/period.ts';
import { openInWeek, spansOf, WEEK_MINUTES } from '../../time/weekly.ts';
import { offsetAt, steadyOffset } from '../../time/zone.ts';
import type { NormalPromotion, PromotionBody } from '../normal.ts';
import { type Bits, noBits, setBit } from './bits.ts';
import type { DimensionSummary } from './postings.ts';

/** Sets kept ready, per zone. Checkouts of now share a few: one for each change of hours. */
const SETS_KEPT_MAX = 256;

/** Which promotions run at an instant, by their periods and their weekly hours. */
export class Timeline {
  readonly summary: DimensionSummary;
  readonly #promotions: readonly NormalPromotion[];
  readonly #zones = new Map<string, ZoneLine>();
  /** The span of the week that a minute falls into; within a span no hours begin or end. */
  readonly #spanOf: Uint16Array | undefined;

  constructor(promotions: readonly NormalPromotion[]) {
    this.#promotions = promotions;
    const bodies = promotions.flatMap(bodiesOf);
    const changes = bodies.flatMap(({ hours }) =>
      hours.flatMap(spansOf).flatMap(({ start, end }) => [start, end]),
    );
    this.#spanOf = changes.length === 0 ? undefined : spansBetween(changes);
    const timed = promotions.filter((one) => bodiesOf(one).some(hasTime));
    const moments = bodies.flatMap(({ period }) =>
      [period.start, period.end].filter((one) => one !== undefined),
    );
    const values = new Set(moments.map((moment) => JSON.stringify(moment)));
    this.summary = {
      name: 'time',
      promotions: timed.length,
      values: values.size + new Set(changes).size,
    };
  }

  at(instant: Instant, zone: string): Bits {
    let line = this.#zones.get(zone);
    if (line === undefined) {
      line = new ZoneLine(this.#promotions, zone);
      this.#zones.set(zone, line);
    }
    return line.at(instant, this.#spanOf);
  }
}

function bodiesOf(promotion: NormalPromotion): readonly PromotionBody[] {
  return [promotion.body, ...promotion.variants.map(({ body }) => body)];
}

function hasTime({ period, hours }: PromotionBody): boolean {
  return period.start !== undefined || period.end !== undefined || hours.length > 0;
}

function spansBetween(changes: readonly number[]): Uint16Array {
  const starts = new Set(changes);
  const spanOf = new Uint16Array(WEEK_MINUTES);
  let span = 0;
  for (let minute = 0; minute < WEEK_MINUTES; minute += 1) {
    if (starts.has(minute)) span += 1;
    spanOf[minute] = span;
  }
  return spanOf;
}

/** Time in one zone, cut where promotions start and end. The set of each piece is made once. */
class ZoneLine {
  readonly #promotions: readonly NormalPromotion[];
  readonly #zone: string;
  /** Where some promotion starts or ends, ascending. Between two of them nothing changes. */
  readonly #changes: readonly number[];
  readonly #kept = new Map<number, Bits>();
  /** The stretch between two changes that was asked for last. */
  #stretch = -1;
  #from = 0;
  #to = 0;
  /** The day that was asked for last, and its offset when that is the same all day. */
  #day = Number.NaN;
  #offset: number | undefined;

  constructor(promotions: readonly NormalPromotion[], zone: string) {
    this.#promotions = promotions;
    this.#zone = zone;
    const changes = promotions.flatMap(bodiesOf).flatMap(({ period }) => {
      const { start, end } = resolvePeriod(period, zone);
      return [start, end].filter(Number.isFinite);
    });
    this.#changes = [...new Set(changes)].sort((left, right) => left - right);
  }

  at(instant: Instant, spanOf: Uint16Array | undefined): Bits {
    if (this.#stretch < 0 || instant < this.#from || instant >= this.#to) this.#seek(instant);
    const minute = spanOf === undefined ? 0 : minuteOfWeek(instant + this.#offsetAt(instant));
    const key = this.#stretch * WEEK_MINUTES + (spanOf?.[minute] ?? 0);
    const found = this.#kept.get(key);
    if (found !== undefined) return found;
    if (this.#kept.size >= SETS_KEPT_MAX) this.#kept.clear();
    const bits = this.#running(instant, minute);
    this.#kept.set(key, bits);
    return bits;
  }

  /** Finds how many changes lie at or before an instant. */
  #seek(instant: number): void {
    const changes = this.#changes;
    let [low, high] = [0, changes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((changes[middle] ?? Number.POSITIVE_INFINITY) <= instant) low = middle + 1;
      else high = middle;
    }
    this.#stretch = low;
    this.#from = changes[low - 1] ?? Number.NEGATIVE_INFINITY;
    this.#to = changes[low] ?? Number.POSITIVE_INFINITY;
  }

  #offsetAt(instant: number): number {
    const day = Math.floor(instant / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#offset = steadyOffset(this.#zone, day);
    }
    return this.#offset ?? offsetAt(this.#zone, instant);
  }

  #running(instant: Instant, minute: number): Bits {
    const bits = noBits(this.#promotions.length);
    for (const promotion of this.#promotions) {
      const runs = bodiesOf(promotion).some(
        ({ period, hours }) =>
          contains(resolvePeriod(period, this.#zone), instant) && openInWeek(hours)(minute),
      );
      if (runs) setBit(bits, promotion.position);
    }
    return bits;
  }
}
