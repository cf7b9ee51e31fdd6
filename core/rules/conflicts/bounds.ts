import type { Scalar } from '../condition.ts';
import type { Literal } from './literals.ts';

/** What the tests of one fact leave of it, seen at a glance. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  /** The only values that are left; `undefined`: the tests name none. */
  readonly named: ReadonlySet<Scalar> | undefined;
  /** True when the bounds are all there is to say. */
  readonly isRange: boolean;
}

const known = new WeakMap<readonly Literal[], Bounds>();

/** Kept for each list of tests: rule sets of thousands compare the same ones again and again. */
export function boundsOf(literals: readonly Literal[]): Bounds {
  const found = known.get(literals);
  if (found !== undefined) return found;
  const made = literals.map(ofOne).reduce(both, EVERYTHING);
  known.set(literals, made);
  return made;
}

const EVERYTHING: Bounds = {
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  named: undefined,
  isRange: true,
};
const UNCLEAR: Bounds = { ...EVERYTHING, isRange: false };

function ofOne({ test, holds }: Literal): Bounds {
  if (!holds) return UNCLEAR;
  switch (test.operator) {
    case 'atLeast':
    case 'above':
      return { ...EVERYTHING, low: test.value };
    case 'atMost':
    case 'below':
      return { ...EVERYTHING, high: test.value };
    case 'between':
      return { ...EVERYTHING, low: test.from, high: test.to };
    case 'is':
    case 'has':
      return { ...UNCLEAR, named: new Set([test.value]) };
    case 'in':
      return { ...UNCLEAR, named: new Set(test.values) };
    default:
      return UNCLEAR;
  }
}

function both(one: Bounds, two: Bounds): Bounds {
  const sets = [one.named, two.named].filter((set) => set !== undefined);
  const [first, second] = sets;
  const named = first && second ? new Set([...first].filter((each) => second.has(each))) : first;
  return {
    low: Math.max(one.low, two.low),
    high: Math.min(one.high, two.high),
    named,
    isRange: one.isRange && two.isRange,
  };
}

/** Whether a fact of one value can pass both; `undefined` when a glance does not tell. */
export function meetAtAGlance(
  one: readonly Literal[],
  two: readonly Literal[],
): boolean | undefined {
  const [a, b] = [boundsOf(one), boundsOf(two)];
  const [low, high] = [Math.max(a.low, b.low), Math.min(a.high, b.high)];
  if (low > high) return false;
  if (a.named !== undefined && b.named !== undefined) {
    const [few, many] = a.named.size <= b.named.size ? [a.named, b.named] : [b.named, a.named];
    let isShared = false;
    for (const value of few) isShared ||= many.has(value);
    if (!isShared) return false;
  }
  // Two apart, there is a whole number between them, whichever ends are left out.
  return a.isRange && b.isRange && high - low >= 2 ? true : undefined;
}
