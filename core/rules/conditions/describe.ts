import { unreachable } from '../../assert.ts';
import type { Area, Condition, LineScope, Scalar, Test } from '../condition.ts';
import type { FactType } from './definition.ts';
import { findFact, findLineFact } from './list.ts';

/** One line for people, in the words of the rule file. */
export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return condition.kind;
    case 'all':
    case 'any': {
      const joiner = condition.kind === 'all' ? ' and ' : ' or ';
      return condition.parts.map(bracketed).join(joiner);
    }
    case 'not':
      return `not ${bracketed(condition.part)}`;
    case 'fact': {
      const found = findFact(condition.fact) ?? findLineFact(condition.fact);
      return `${condition.fact} ${describeTest(condition.test, found?.definition.type ?? 'field')}`;
    }
    default:
      return unreachable(condition);
  }
}

function bracketed(condition: Condition): string {
  const text = describeCondition(condition);
  return condition.kind === 'all' || condition.kind === 'any' ? `(${text})` : text;
}

function describeTest(test: Test, type: FactType): string {
  const value = (one: Scalar) => written(one, type);
  switch (test.operator) {
    case 'is':
    case 'has':
      return `${test.operator} ${value(test.value)}`;
    case 'in':
      return `in ${shortened(test.values.map(value))}`;
    case 'between':
      return `between ${value(test.from)} and ${value(test.to)}`;
    case 'within':
      return `within ${test.days} days`;
    case 'inside':
      return `inside ${test.areas.map(describeArea).join(' or ')}`;
    default:
      return `${test.operator} ${value(test.value)}`;
  }
}

/** Values shown of a long list. */
const VALUES_SHOWN_MAX = 8;

function shortened(values: readonly string[]): string {
  const rest = values.length - VALUES_SHOWN_MAX;
  const shown = values.slice(0, VALUES_SHOWN_MAX).join(', ');
  return rest > 0 ? `[${shown}, and ${rest} more]` : `[${shown}]`;
}

function written(value: Scalar, type: FactType): string {
  return type === 'units' && typeof value === 'number' ? String(value / 1_000) : String(value);
}

function describeArea(area: Area): string {
  if (area.kind === 'polygon') return `a polygon of ${area.points.length} corners`;
  return `${area.metres} m around ${area.lat}, ${area.lon}`;
}

/** One line for a chain of line scopes; `''` when it is every line. */
export function describeLines(scopes: readonly LineScope[]): string {
  return scopes.map(describeScope).join(', then ');
}

function describeScope({ where, ranking, bundle }: LineScope): string {
  const parts = where.kind === 'always' ? [] : [describeCondition(where)];
  if (ranking !== undefined) {
    const { order, skip, take, every, count } = ranking;
    const window = every === undefined ? '' : ` of every ${every}`;
    parts.push(`${order}, skip ${skip}, take ${take ?? 'all'}${window} ${count}`);
  }
  if (bundle.length > 0) {
    const names = bundle.map((part) => `${part.quantity / 1_000} × ${part.sku ?? part.category}`);
    parts.push(`bundles of ${names.join(' + ')}`);
  }
  return parts.join(', ');
}
