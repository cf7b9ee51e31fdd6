import type { Instant } from '../../money/units.ts';
import { contains, resolvePeriod } from '../../time/period.ts';
import type { NormalPromotion } from '../normal.ts';
import { type Bits, noBits, setBit } from './bits.ts';

/** Zones and stretches of time whose sets are kept. Checkouts of now share one of each zone. */
const STRETCHES_KEPT_MAX = 256;

/** Which promotions run at an instant in a zone. */
export type Timeline = (at: Instant, zone: string) => Bits;

interface Zone {
  /** Where some promotion starts or ends, ascending. Between two of them nothing changes. */
  readonly changes: readonly number[];
  readonly stretches: Map<number, Bits>;
}

/** Cuts time where promotions start and end; the set of each stretch is made when needed. */
export function timelineOf(promotions: readonly NormalPromotion[]): Timeline {
  const zones = new Map<string, Zone>();
  return (at, zone) => {
    const known = zones.get(zone) ?? zoneOf(promotions, zone);
    zones.set(zone, known);
    const stretch = stretchOf(known.changes, at);
    const found = known.stretches.get(stretch);
    if (found !== undefined) return found;
    const bits = running(promotions, at, zone);
    if (known.stretches.size >= STRETCHES_KEPT_MAX) known.stretches.clear();
    known.stretches.set(stretch, bits);
    return bits;
  };
}

function bodiesOf(promotion: NormalPromotion) {
  return [promotion.body, ...promotion.variants.map(({ body }) => body)];
}

function zoneOf(promotions: readonly NormalPromotion[], zone: string): Zone {
  const changes = promotions.flatMap(bodiesOf).flatMap(({ period }) => {
    const { start, end } = resolvePeriod(period, zone);
    return [start, end].filter(Number.isFinite);
  });
  const sorted = [...new Set(changes)].sort((left, right) => left - right);
  return { changes: sorted, stretches: new Map() };
}

function running(promotions: readonly NormalPromotion[], at: Instant, zone: string): Bits {
  const bits = noBits(promotions.length);
  for (const promotion of promotions) {
    const runs = bodiesOf(promotion).some(({ period }) =>
      contains(resolvePeriod(period, zone), at),
    );
    if (runs) setBit(bits, promotion.position);
  }
  return bits;
}

/** How many changes lie at or before an instant. */
function stretchOf(changes: readonly number[], at: number): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((changes[middle] ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
