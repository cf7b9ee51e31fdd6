import { must } from '../assert.ts';
import { DAY_MS, dayNumber } from './date.ts';

/**
 * IANA zones without IO: the runtime's own zone data through `Intl`, behind two bounded caches.
 * The answers depend on nothing but the arguments, so the caches change speed and nothing else.
 */

/** Zones kept ready. There are about 600 in the world; more can only be spelling games. */
export const ZONES_CACHED_MAX = 700;
/** Days whose offset is remembered, per zone. Checkouts of one day share one entry. */
export const DAYS_CACHED_MAX = 4_000;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** Day since 1970 → offset when it is the same all day, else `undefined`. */
  readonly days: Map<number, number | undefined>;
}

const zones = new Map<string, Zone>();

/** True when the runtime knows the zone. Fixed offsets such as `+05:00` are not zones. */
export function isZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && zoneOrNothing(name) !== undefined;
}

/** Milliseconds that local time is ahead of UTC at an instant (negative to the west). */
export function offsetAt(zoneName: string, at: number): number {
  const zone = zoneOf(zoneName);
  return steadyOffsetIn(zone, Math.floor(at / DAY_MS)) ?? measuredOffset(zone, at);
}

/** The offset of a day (counted from 1970 in UTC) when it is the same all day. */
export function steadyOffset(zoneName: string, day: number): number | undefined {
  return steadyOffsetIn(zoneOf(zoneName), day);
}

function zoneOf(name: string): Zone {
  const zone = zoneOrNothing(name);
  return zone === undefined ? must<Zone>(zone, `zone ${name} must have been validated`) : zone;
}

function steadyOffsetIn(zone: Zone, day: number): number | undefined {
  const known = zone.days.get(day);
  if (known !== undefined) return known;
  if (!zone.days.has(day)) rememberDay(zone, day);
  return zone.days.get(day);
}

function rememberDay(zone: Zone, day: number): void {
  if (zone.days.size >= DAYS_CACHED_MAX) zone.days.clear();
  const first = measuredOffset(zone, day * DAY_MS);
  const last = measuredOffset(zone, (day + 1) * DAY_MS - 1);
  zone.days.set(day, first === last ? first : undefined);
}

function zoneOrNothing(name: string): Zone | undefined {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const format = formatOf(name);
  if (format === undefined) return undefined;

  if (zones.size >= ZONES_CACHED_MAX) zones.clear();
  const zone: Zone = { format, days: new Map() };
  zones.set(name, zone);
  return zone;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // The only way `Intl` has to say that it does not know a zone.
    return undefined;
  }
}

function measuredOffset(zone: Zone, at: number): number {
  const part = new Map(zone.format.formatToParts(at).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(part.get(type));
  const day = dayNumber({ year: number('year'), month: number('month'), day: number('day') });
  const seconds = number('hour') * 3_600 + number('minute') * 60 + number('second');
  return day * DAY_MS + seconds * 1_000 - Math.floor(at / 1_000) * 1_000;
}
