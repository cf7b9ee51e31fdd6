import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentWith, normalRules } from '../testing/rule-cases.ts';
import { arbitraryDocument } from '../testing/rule-documents.ts';
import { hashOf } from './seal.ts';

const hash = (document: unknown) => hashOf(normalRules(document, 'open'));

/** The same document with the keys of every object the other way round. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, reordered(one)])
      .reverse(),
  );
}

test('the order in which keys are written does not change the hash', () => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      expect(hash(reordered(document))).toBe(hash(document));
    }),
  );
});

test('a copy through JSON does not change the hash', () => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      expect(hash(JSON.parse(JSON.stringify(document)))).toBe(hash(document));
    }),
  );
});

const one = (body: Record<string, unknown>) => hash(documentWith(body));

test.each([
  [
    'a plain value and `is`',
    { channels: [], when: { store: 'a' } },
    { when: { store: { is: 'a' } } },
  ],
  ['a list of one and the one', { when: { store: ['a'] } }, { when: { store: 'a' } }],
  ['the order of a list', { when: { store: ['b', 'a'] } }, { when: { store: ['a', 'b', 'a'] } }],
  [
    'two facts and `all`',
    { when: { store: 'a', quantity: 1 } },
    { when: { all: [{ quantity: 1 }, { store: 'a' }] } },
  ],
  ['double negation', { when: { not: { not: { store: 'a' } } } }, { when: { store: 'a' } }],
  ['has and is of a list', { when: { codes: { has: 'X' } } }, { when: { codes: { is: 'X' } } }],
  ['the order of channels', { channels: ['web', 'pos'] }, { channels: ['pos', 'web'] }],
  [
    'a number and a decimal text',
    { benefits: { list: [{ discount: { percent: '12.50' } }] } },
    { benefits: { list: [{ discount: { percent: 12.5 } }] } },
  ],
  [
    'a duration and an end',
    { period: { start: '2026-01-31', for: 'P1M' } },
    { period: { start: '2026-01-31', end: '2026-02-28' } },
  ],
  ['titles', { title: 'Spring' }, { title: 'Summer', description: 'all of it' }],
  ['a default written out', {}, { stacking: { category: 'common' }, state: 'active' }],
])('%s: equal meaning, equal hash', (_name, left, right) => {
  expect(one(left)).toBe(one(right));
});

test.each([
  ['a percentage', { benefits: { list: [{ discount: { percent: 11 } }] } }],
  ['a condition', { when: { store: 'a' } }],
  ['a name', { promotion: 'q' }],
  ['a regional parameter', { regions: { with: { kz: { percent: 11 } } } }],
])('another %s is another meaning', (_name, body) => {
  expect(one(body)).not.toBe(one({}));
});

test('a promotion that is off means nothing', () => {
  const draft = { promotion: 'draft', state: 'draft', benefits: { list: [{ discount: 5 }] } };
  const base = { promotion: 'p', benefits: { list: [{ discount: 10 }] } };
  expect(hash({ arbitration: { children: [base, draft] } })).toBe(
    hash({ arbitration: { children: [base] } }),
  );
});

test('a higher priority goes first, whatever the order of the document', () => {
  const child = (promotion: string, priority: number) => ({
    promotion,
    stacking: { priority },
    benefits: { list: [{ discount: 5 }] },
  });
  const rules = normalRules({
    arbitration: { children: [child('a', 1), child('b', 5), child('c', 1)] },
  });
  expect(rules.promotions.map(({ id, position }) => `${position} ${id}`)).toEqual([
    '0 b',
    '1 a',
    '2 c',
  ]);
});

describe('stacking categories', () => {
  const withCategories = (categories: readonly object[], settings: object = {}, body = {}) =>
    hash({
      program: { categories, settings },
      arbitration: {
        children: [{ promotion: 'p', benefits: [{ discount: 10 }], ...body }],
      },
    });

  test('what one excludes, excludes it', () => {
    const [a, b] = [{ id: 'a' }, { id: 'b' }];
    const one = withCategories([{ ...a, excludes: ['b'] }, b]);
    expect(one).toBe(withCategories([a, { ...b, excludes: 'a' }]));
    expect(one).toBe(
      withCategories([
        { ...b, excludes: ['a', 'a'] },
        { ...a, excludes: ['b'] },
      ]),
    );
    expect(one).not.toBe(withCategories([a, b]));
  });

  test('a default written out, and as many of one category as at all', () => {
    const plain = { id: 'a', eligibility: 'common', hierarchy: 1, excludes: [] };
    expect(withCategories([plain], { neverStackable: 1 })).toBe(withCategories([{ id: 'a' }]));
    const settings = { neverStackable: 2, neverStackablePerCategory: 4 };
    expect(withCategories([], settings)).toBe(withCategories([], { neverStackable: 2 }));
  });

  test('a condition of a category is one of its promotions', () => {
    const stacking = { category: 'a' };
    const of = { when: { channel: 'web' } };
    const own = { stacking, when: { codes: 'X' } };
    const both = { stacking, when: { all: [{ codes: 'X' }, { channel: 'web' }] } };
    expect(withCategories([{ id: 'a', ...of }], {}, own)).toBe(
      withCategories([{ id: 'a' }], {}, both),
    );
  });
});
