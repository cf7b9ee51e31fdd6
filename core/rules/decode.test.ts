import { describe, expect, test } from 'vitest';
import { documentWith } from '../testing/rule-cases.ts';
import { DOCUMENT_DEPTH_MAX, decode } from './decode.ts';

/** `code path` of each problem, in order. */
function problemsOf(document: unknown): string[] {
  const decoded = decode(document);
  return decoded.ok ? [] : decoded.diagnostics.map(({ code, path }) => `${code} ${path}`);
}

const promotion = '/arbitration/children/0';
const benefit = `${promotion}/benefits/list/0`;
const withBenefit = (one: unknown) => documentWith({ benefits: { list: [one] } });

describe('a document that is no rule set', () => {
  test.each([[null], [42], ['rules'], [[]], [new Date(0)], [new Map()]])('%j', (document) => {
    expect(problemsOf(document)).toEqual(['wrong-type ']);
  });

  test('an empty one is fine: everything has a default', () => {
    expect(problemsOf({})).toEqual([]);
  });
});

test.each([
  ['a misspelt field', { programme: {} }, ['unknown-field /programme']],
  [
    'an unknown setting',
    { program: { settings: { residual: 'none' } } },
    ['unknown-word /program/settings/residual'],
  ],
  ['a zone on Mars', { program: { timezone: 'Mars/Olympus' } }, ['wrong-time /program/timezone']],
  [
    'a late limit in months',
    { program: { settings: { lateAfter: 'P1M' } } },
    ['wrong-time /program/settings/lateAfter'],
  ],
  [
    'a promotion without benefits',
    { arbitration: { children: [{ promotion: 'p' }] } },
    [`missing-field ${promotion}/benefits`],
  ],
  [
    'a child without a name',
    { arbitration: { children: [{ mode: 'sum' }] } },
    [`wrong-type ${promotion}`],
  ],
  ['an unknown benefit', withBenefit({ cashback: 5 }), [`unknown-benefit ${benefit}`]],
  [
    'two benefits in one',
    withBenefit({ discount: { percent: 1 }, points: { fixed: 1 } }),
    [`wrong-type ${benefit}`],
  ],
  ['a discount of nothing', withBenefit({ discount: {} }), [`missing-field ${benefit}/discount`]],
  [
    'a discount said twice',
    withBenefit({ discount: { percent: 1, amount: 1 } }),
    [`ambiguous-amount ${benefit}/discount`],
  ],
  [
    'more than 100 percent',
    withBenefit({ discount: { percent: 100.5 } }),
    [`out-of-range ${benefit}/discount/percent`],
  ],
  [
    'too fine a percentage',
    withBenefit({ discount: { percent: '0.00001' } }),
    [`too-many-places ${benefit}/discount/percent`],
  ],
  [
    'half a cent',
    withBenefit({ discount: { amount: 0.5 } }),
    [`wrong-type ${benefit}/discount/amount`],
  ],
  [
    'money beyond 2^53',
    withBenefit({ discount: { amount: 2 ** 53 } }),
    [`wrong-type ${benefit}/discount/amount`],
  ],
  [
    'not a number',
    withBenefit({ discount: { amount: Number.NaN } }),
    [`wrong-type ${benefit}/discount/amount`],
  ],
  [
    'a credit nobody understands',
    withBenefit({ points: { fixed: 1, credit: 'soon' } }),
    [`unknown-word ${benefit}/points/credit`],
  ],
  [
    'an unknown fact',
    documentWith({ when: { 'member.height': { above: 180 } } }),
    [`unknown-fact ${promotion}/when/member.height`],
  ],
  [
    'an unknown operator',
    documentWith({ when: { 'total.current': { moreThan: 1 } } }),
    [`unknown-operator ${promotion}/when/total.current/moreThan`],
  ],
  [
    'a range the wrong way',
    documentWith({ when: { 'total.current': { between: [2, 1] } } }),
    [`empty-range ${promotion}/when/total.current/between`],
  ],
  [
    'a history too long to keep',
    documentWith({ when: { 'member.purchases.last4000d': { atLeast: 1 } } }),
    [`unknown-fact ${promotion}/when/member.purchases.last4000d`],
  ],
  [
    'a date that does not exist',
    documentWith({ period: { start: '2026-02-30' } }),
    [`wrong-time ${promotion}/period/start`],
  ],
  [
    'an area that crosses itself',
    documentWith({
      when: {
        location: {
          inside: {
            polygon: [
              { lat: 0, lon: 0 },
              { lat: 1, lon: 1 },
              { lat: 1, lon: 0 },
              { lat: 0, lon: 1 },
            ],
          },
        },
      },
    }),
    [`self-intersecting-area ${promotion}/when/location/inside/polygon`],
  ],
  [
    'a parameter that no benefit has',
    documentWith({ regions: { with: { kz: { amount: 5 } } } }),
    [`unknown-parameter ${promotion}/regions/with/kz/amount`],
  ],
  [
    'a parameter of the wrong kind',
    documentWith({ regions: { with: { kz: { percent: 'many' } } } }),
    [`wrong-type ${promotion}/regions/with/kz/benefits/list/0/discount/percent`],
  ],
  [
    'lines ranked and bundled at once',
    documentWith({ lines: { take: 1, bundle: [{ sku: 'A', quantity: 1 }] } }),
    [`ambiguous-lines ${promotion}/lines`],
  ],
] as const)('%s', (_name, document, expected) => {
  expect(problemsOf(document)).toEqual(expected);
});

test('all problems come at once, each with a hint', () => {
  const decoded = decode({ programm: 1, pointTypes: [{ kind: 'gold' }], partners: [{ id: '' }] });
  expect(decoded.ok).toBe(false);
  if (decoded.ok) return;
  expect(decoded.diagnostics).toMatchInlineSnapshot(`
    [
      {
        "code": "unknown-field",
        "hint": "did you mean \`program\`?",
        "message": "\`programm\` is not a field here",
        "path": "/programm",
        "severity": "error",
      },
      {
        "code": "missing-field",
        "hint": "add \`id\`: the name",
        "message": "\`id\` is missing",
        "path": "/pointTypes/0/id",
        "severity": "error",
      },
      {
        "code": "unknown-word",
        "hint": "use one of standard, qualification",
        "message": "\`gold\` is not known here",
        "path": "/pointTypes/0/kind",
        "severity": "error",
      },
      {
        "code": "wrong-type",
        "hint": "write an id (a text without line breaks)",
        "message": "\`\` is not an id (a text without line breaks)",
        "path": "/partners/0/id",
        "severity": "error",
      },
    ]
  `);
});

describe('tricks', () => {
  test('names of prototypes are fields like any other, and unknown', () => {
    const document: unknown = JSON.parse(
      '{"__proto__": {"x": 1}, "constructor": 1, "arbitration": {"children": [{"promotion": "p", "benefits": {"list": [{"discount": {"__proto__": {"percent": 5}}}]}}]}}',
    );
    expect(problemsOf(document)).toEqual([
      'unknown-field /__proto__',
      'unknown-field /constructor',
      `unknown-field ${benefit}/discount/__proto__`,
    ]);
    expect(Object.prototype).not.toHaveProperty('percent');
  });

  test('a condition on a prototype is no fact', () => {
    const when: unknown = JSON.parse('{"member.fields.__proto__": "x", "toString": 1}');
    expect(problemsOf(documentWith({ when }))).toEqual([`unknown-fact ${promotion}/when/toString`]);
  });

  test('depth is bounded before anything recurses', () => {
    let deep: unknown = {};
    for (let level = 0; level < 100_000; level += 1) deep = { all: [deep] };
    const found = problemsOf(documentWith({ when: deep }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^too-deep /);
    expect(DOCUMENT_DEPTH_MAX).toBeLessThan(1_000);
  });

  test('conditions nest to sixteen levels', () => {
    let deep: Record<string, unknown> = { quantity: 1 };
    for (let level = 0; level < 20; level += 1) deep = { not: deep };
    expect(problemsOf(documentWith({ when: deep }))[0]).toMatch(/^too-deep /);
  });
});
