import { describe, expect, test } from 'vitest';
import { checkoutOf, normalRules } from '../testing/rule-cases.ts';
import { placesOf } from './places.ts';
import { runsAt } from './regions.ts';

const ALMATY_1 = ['almaty-1', 'almaty', 'kz'];

describe('from the store upwards, the first place that is mentioned decides', () => {
  test.each([
    ['nothing is mentioned', [], [], true],
    ['its country is in', ['kz'], [], true],
    ['another country is in', ['de'], [], false],
    ['its region is out', ['kz'], ['almaty'], false],
    ['its region is out and it is in', ['kz', 'almaty-1'], ['almaty'], true],
    ['it is out and its region is in', ['almaty'], ['almaty-1'], false],
    ['its country is out and its region is in', ['almaty'], ['kz'], true],
    ['only another region is out', [], ['astana'], true],
  ])('%s', (_name, inside, except, expected) => {
    expect(runsAt({ in: inside, except }, ALMATY_1)).toBe(expected);
  });

  test('an unknown place is in no region', () => {
    expect(runsAt({ in: ['kz'], except: [] }, [])).toBe(false);
    expect(runsAt(undefined, [])).toBe(true);
  });
});

describe('where a checkout happens', () => {
  const { placeOf, place } = placesOf(
    normalRules({
      program: { timezone: 'UTC' },
      places: [
        { id: 'kz', kind: 'country', zone: 'Asia/Almaty', partner: 'chain' },
        { id: 'south', kind: 'zone', parent: 'kz' },
        { id: 'almaty', kind: 'region', parent: 'south' },
        { id: 'almaty-1', kind: 'store', parent: 'almaty' },
      ],
    }),
  );

  test('store, region, country, zone and partner come from the tree', () => {
    expect(placeOf(checkoutOf({ store: 'almaty-1' }))).toEqual({
      store: 'almaty-1',
      region: 'almaty',
      country: 'kz',
      partner: 'chain',
      zone: 'Asia/Almaty',
      path: ['almaty-1', 'almaty', 'south', 'kz'],
    });
  });

  test("the checkout's own partner goes before the store's", () => {
    expect(placeOf(checkoutOf({ store: 'almaty-1', partner: 'kiosk' })).partner).toBe('kiosk');
  });

  test('an unknown store has no path and the zone of the programme', () => {
    expect(placeOf(checkoutOf({ store: 'nowhere' }))).toMatchObject({ zone: 'UTC', path: [] });
    expect(placeOf(checkoutOf({}))).toMatchObject({ store: undefined, path: [] });
    expect(place('nowhere')).toBe(undefined);
  });

  test('a region may be named as the store: a till that knows no more', () => {
    expect(placeOf(checkoutOf({ store: 'almaty' }))).toMatchObject({ region: 'almaty' });
  });
});
