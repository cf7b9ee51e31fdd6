import { describe, expect, test } from 'vitest';
import { intersectsItself, isInside, metresBetween } from './geo.ts';

const point = (lat: number, lon: number) => ({ lat, lon });
const ALMATY = point(43.238, 76.889);
const ASTANA = point(51.169, 71.449);

test('the way from Almaty to Astana is about 970 km', () => {
  expect(metresBetween(ALMATY, ASTANA) / 1_000).toBeCloseTo(972, -1);
  expect(metresBetween(ALMATY, ALMATY)).toBe(0);
});

test('a circle includes its edge', () => {
  const metres = metresBetween(ALMATY, ASTANA);
  const circle = { kind: 'circle' as const, ...ALMATY };
  expect(isInside({ ...circle, metres }, ASTANA)).toBe(true);
  expect(isInside({ ...circle, metres: metres - 1 }, ASTANA)).toBe(false);
});

describe('a polygon', () => {
  const square = {
    kind: 'polygon' as const,
    points: [point(0, 0), point(0, 10), point(10, 10), point(10, 0)],
  };
  test.each([
    ['the middle', point(5, 5), true],
    ['outside', point(5, 11), false],
    ['an edge', point(0, 5), true],
    ['another edge', point(5, 10), true],
    ['a corner', point(10, 10), true],
    ['beside a corner', point(10.001, 10), false],
  ])('%s', (_name, where, expected) => {
    expect(isInside(square, where)).toBe(expected);
  });

  test('may have a bay', () => {
    const bay = {
      kind: 'polygon' as const,
      points: [point(0, 0), point(0, 10), point(10, 10), point(1, 5)],
    };
    expect(isInside(bay, point(5, 1))).toBe(false);
    expect(isInside(bay, point(2, 7))).toBe(true);
  });

  test('may cross the antimeridian', () => {
    const fiji = {
      kind: 'polygon' as const,
      points: [point(-20, 175), point(-20, -175), point(-10, -175), point(-10, 175)],
    };
    expect(isInside(fiji, point(-15, 179))).toBe(true);
    expect(isInside(fiji, point(-15, -179))).toBe(true);
    expect(isInside(fiji, point(-15, 0))).toBe(false);
    expect(isInside(fiji, point(-15, 170))).toBe(false);
  });

  test('must not cross itself', () => {
    expect(intersectsItself(square.points)).toBe(false);
    expect(intersectsItself([point(0, 0), point(10, 10), point(0, 10), point(10, 0)])).toBe(true);
  });
});
