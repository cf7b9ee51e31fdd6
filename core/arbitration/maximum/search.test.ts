import { describe, expect, test } from 'vitest';
import { minorUnits } from '../../money/units.ts';
import type { Effect } from '../interpret/state.ts';
import { boundOf } from './bound.ts';
import type { Candidate, Way } from './candidate.ts';
import { EVALUATIONS_MAX, type Question, search } from './search.ts';

/** Children that each give so much, and together no more than a line bears. */
function question(
  gifts: readonly number[],
  room: number,
  rivals: readonly number[] = [],
): Question {
  return {
    children: gifts.map((_, index) => index),
    giftOf: (child) => ({ bySlot: [gifts[child] ?? 0], loose: 0 }),
    room: [room],
    ceiling: room,
    sumIsMost: true,
    idleIsAbsent: true,
    mayJoin: (subset, child) =>
      !(rivals.includes(child) && subset.some((other) => rivals.includes(other))),
    quotaOf: () => undefined,
    evaluate: (subset, way) => candidate(subset, way, gifts, room),
  };
}

function candidate(
  subset: readonly number[],
  way: Way,
  gifts: readonly number[],
  room: number,
): Candidate {
  const total = subset.reduce((soFar, child) => soFar + (gifts[child] ?? 0), 0);
  const effects = [{ applied: [minorUnits(total)] }] as unknown as readonly Effect[];
  return { way, members: subset, effects, benefit: Math.min(total, room), positions: subset };
}

describe('the search for the best subset', () => {
  test('takes all children where the price bears all of them', () => {
    expect(search(question([5, 3, 2], 100)).best?.members).toEqual([0, 1, 2]);
  });

  test('takes the fewest that reach what the price bears', () => {
    expect(search(question([5, 3, 10, 2], 10)).best?.members).toEqual([2]);
  });

  test('never tries rivals together', () => {
    const tried: (readonly number[])[] = [];
    const asked = question([5, 3, 2], 100, [0, 1]);
    const evaluate: Question['evaluate'] = (subset, way) => {
      tried.push(subset);
      return asked.evaluate(subset, way);
    };
    expect(search({ ...asked, evaluate }).best?.members).toEqual([0, 2]);
    expect(tried.some((subset) => subset.includes(0) && subset.includes(1))).toBe(false);
  });

  test('still tries larger subsets at a draw where a child may only move the others', () => {
    // Child 2 gives nothing here, but lets child 1 give what child 0, of a later place, gives alone.
    const asked: Question = {
      ...question([10, 0, 0], 10),
      giftOf: () => ({ bySlot: [], loose: Number.POSITIVE_INFINITY }),
      evaluate: (subset, way) => {
        const wakes = subset.includes(1) && subset.includes(2);
        const built = candidate(subset, way, [10, wakes ? 10 : 0, 0], 10);
        return { ...built, positions: wakes && !subset.includes(0) ? [1] : [9] };
      },
      sumIsMost: false,
    };
    expect(search({ ...asked, idleIsAbsent: true }).best?.members).toEqual([0]);
    expect(search({ ...asked, idleIsAbsent: false }).best?.members).toEqual([1, 2]);
  });

  test('ends with its budget and says how far the best may be', () => {
    const gifts = Array.from({ length: 20 }, () => 1);
    const unknown: Question = {
      ...question(gifts, 1_000),
      giftOf: () => ({ bySlot: [], loose: Number.POSITIVE_INFINITY }),
      ceiling: 50,
      evaluate: (subset, way) => candidate(subset.slice(0, 2), way, gifts, 1_000),
    };
    const answer = search(unknown);
    expect(answer.evaluations).toBeLessThanOrEqual(EVALUATIONS_MAX + 1);
    expect(answer.gap).toBe(50 - (answer.best?.benefit ?? 0));
  });
});

describe('the bound of a branch', () => {
  const gift = (bySlot: readonly number[], loose = 0) => ({ bySlot, loose });
  const bound = {
    giftOf: (child: number) =>
      [gift([30, 0]), gift([30, 5]), gift([0, 9]), gift([], 4)][child] ?? gift([]),
    room: [40, 100],
    ceiling: 1_000,
    mayJoin: () => true,
    quotaOf: () => undefined,
  };

  test('adds up line by line, no further than each line may fall', () => {
    expect(boundOf(bound, [0], [1, 2])).toBe(40 + 14);
  });

  test('adds what does not belong to a line', () => {
    expect(boundOf(bound, [3], [2])).toBe(4 + 9);
  });

  test('never exceeds what all together can give', () => {
    expect(boundOf({ ...bound, ceiling: 20 }, [0, 1, 2], [3])).toBe(20);
  });

  test('counts of a limited category only as many as may still act', () => {
    const limited = { ...bound, quotaOf: () => ({ category: 'one', limit: 1 }) };
    expect(boundOf(limited, [], [0, 1, 2])).toBe(30 + 9);
    expect(boundOf(limited, [0], [1, 2])).toBe(30);
  });
});
