import type { Instant } from '../money/units.ts';
import { type Moment, resolveMoment } from './moment.ts';

/** Half-open: includes its start, excludes its end. `undefined` = unbounded. */
export interface NormalPeriod {
  readonly start: Moment | undefined;
  readonly end: Moment | undefined;
}

/** A period in one zone. Adjacent periods never overlap. */
export interface InstantPeriod {
  /** `-Infinity` when unbounded. */
  readonly start: number;
  /** `Infinity` when unbounded. */
  readonly end: number;
}

export function resolvePeriod(period: NormalPeriod, zone: string): InstantPeriod {
  return {
    start: period.start === undefined ? -Infinity : resolveMoment(period.start, zone, 'start'),
    end: period.end === undefined ? Infinity : resolveMoment(period.end, zone, 'end'),
  };
}

export function contains(period: InstantPeriod, at: Instant): boolean {
  return period.start <= at && at < period.end;
}

/** The resolver of one period, resolving each zone once. */
export function periodByZone(period: NormalPeriod): (zone: string) => InstantPeriod {
  const isLocal = period.start?.kind === 'local' || period.end?.kind === 'local';
  if (!isLocal) {
    const everywhere = resolvePeriod(period, 'UTC');
    return () => everywhere;
  }
  // Bounded by the zones of the world: every name was validated when the places were.
  const byZone = new Map<string, InstantPeriod>();
  return (zone) => {
    const known = byZone.get(zone);
    if (known !== undefined) return known;
    const resolved = resolvePeriod(period, zone);
    byZone.set(zone, resolved);
    return resolved;
  };
}
