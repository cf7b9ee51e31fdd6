import { unreachable } from '../../assert.ts';
import type { GeoPoint } from '../../transaction/transaction.ts';
import type { Scalar, Test } from '../condition.ts';
import type { FactValue } from './definition.ts';
import { isInside } from './geo.ts';

/** What every operator means, said slowly. A list passes when any of its values does. */
export function holds(test: Test, value: FactValue): boolean {
  if (test.operator === 'inside') return test.areas.some((area) => isInside(area, asPoint(value)));
  return valuesOf(value).some((one) => holdsFor(test, one));
}

function holdsFor(test: Exclude<Test, { operator: 'inside' }>, value: Scalar): boolean {
  switch (test.operator) {
    case 'is':
    case 'has':
      return value === test.value;
    case 'in':
      return test.values.includes(value);
    case 'atLeast':
      return typeof value === 'number' && value >= test.value;
    case 'atMost':
      return typeof value === 'number' && value <= test.value;
    case 'above':
      return typeof value === 'number' && value > test.value;
    case 'below':
      return typeof value === 'number' && value < test.value;
    case 'between':
      return typeof value === 'number' && value >= test.from && value <= test.to;
    case 'within':
      return typeof value === 'number' && value <= test.days;
    default:
      return unreachable(test);
  }
}

/** The values of a fact, one or many. */
export function valuesOf(value: FactValue): readonly Scalar[] {
  if (typeof value !== 'object') return [value];
  if (Array.isArray(value)) return value;
  if (value instanceof Set) return [...value];
  return [];
}

export function asPoint(value: FactValue): GeoPoint {
  // Only the `location` fact takes `inside`, and it has no other kind of value.
  return value as GeoPoint;
}
