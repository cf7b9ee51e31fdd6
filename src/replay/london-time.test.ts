import { expect, test } from 'vitest';
import { readLondonTime } from './london-time.ts';

test.each([
  ['winter', '2010-12-01 08:26:00', '2010-12-01T08:26:00+00:00'],
  ['summer', '2011-07-01 08:26:00', '2011-07-01T08:26:00+01:00'],
  ['the minute before the clocks go forward', '2011-03-27 00:59:00', '2011-03-27T00:59:00+00:00'],
  ['an hour that is skipped moves forward', '2011-03-27 01:30:00', '2011-03-27T02:30:00+01:00'],
  ['an hour that comes twice is the first', '2011-10-30 01:30:00', '2011-10-30T01:30:00+01:00'],
  ['the hour after it', '2011-10-30 02:00:00', '2011-10-30T02:00:00+00:00'],
  ['without seconds', '2011-07-01T08:26', '2011-07-01T08:26:00+01:00'],
  ['as in the workbook, month first', '12/1/2010 8:26', '2010-12-01T08:26:00+00:00'],
])('%s: %s', (_name, text, expected) => {
  expect(readLondonTime(text)).toBe(expected);
});

test.each(['', '2010-13-01 08:26:00', '31/12/2010 8:26', '2010-12-01', '2010-12-01 08:60:00'])(
  '%j is no time',
  (text) => {
    expect(readLondonTime(text)).toBe(undefined);
  },
);
