import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant } from '../money/units.ts';
import { addDays, addMonths, dateOfDay, dayNumber, daysInMonth, weekdayOf } from './date.ts';
import { instantOf, localDate, localTime } from './local.ts';

const ZONES = ['UTC', 'Asia/Almaty', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'];
const anyDay = fc.integer({ min: -50_000, max: 80_000 });
const anyInstant = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(instant);
const anyZone = fc.constantFrom(...ZONES);

test('day numbers and dates are inverse, and agree with the runtime', () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      const date = dateOfDay(day);
      expect(dayNumber(date)).toBe(day);
      const utc = new Date(day * 86_400_000);
      expect([date.year, date.month, date.day]).toEqual([
        utc.getUTCFullYear(),
        utc.getUTCMonth() + 1,
        utc.getUTCDate(),
      ]);
      expect(weekdayOf(day) % 7).toBe(utc.getUTCDay());
    }),
  );
});

test('adding months never leaves the month it aims at', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: -60, max: 60 }), (day, months) => {
      const from = dateOfDay(day);
      const to = addMonths(from, months);
      expect(to.year * 12 + to.month - (from.year * 12 + from.month)).toBe(months);
      expect(to.day).toBe(Math.min(from.day, daysInMonth(to.year, to.month)));
    }),
  );
});

test('a wall clock leads back to its instant, to one of its two occurrences at most', () => {
  fc.assert(
    fc.property(anyInstant, anyZone, (at, zone) => {
      const local = localTime(at, zone);
      const date = localDate(at, zone);
      const minuteStart = at - (((at % 60_000) + 60_000) % 60_000);
      const found = (['start', 'end'] as const).map((as) =>
        instantOf(date, local.minute * 60_000, { zone, as }),
      );
      expect(found).toContain(minuteStart);
    }),
  );
});

test('days of a zone follow each other without a gap or an overlap', () => {
  fc.assert(
    fc.property(anyInstant, anyZone, (at, zone) => {
      const today = localDate(at, zone);
      const start = instantOf(today, 0, { zone, as: 'start' });
      const end = instantOf(addDays(today, 1), 0, { zone, as: 'start' });
      expect(start <= at && at < end).toBe(true);
    }),
  );
});
