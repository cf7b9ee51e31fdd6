import { describe, expect, test } from 'vitest';
import { documentWith } from '../testing/rule-cases.ts';
import { WORLD } from '../testing/rule-documents.ts';
import { decode } from './decode.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { World } from './validate/names.ts';
import { validate } from './validate.ts';

function diagnosticsOf(document: unknown, world: World = 'closed'): readonly Diagnostic[] {
  const decoded = decode(document);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.diagnostics));
  const valid = validate(decoded.value, world);
  return valid.ok ? valid.warnings : valid.diagnostics;
}

const problemsOf = (document: unknown, world: World = 'closed') =>
  diagnosticsOf(document, world).map(({ code, path }) => `${code} ${path}`);

const promotion = '/arbitration/children/0';
const one = (body: Record<string, unknown>) => documentWith(body, WORLD);
const gives = (benefit: unknown, body = {}) => one({ benefits: { list: [benefit] }, ...body });
const benefit = `${promotion}/benefits/list/0`;

test('a declared world is accepted', () => {
  expect(problemsOf(one({ regions: { in: ['kz'], except: ['almaty'] } }))).toEqual([]);
});

describe('names that lead nowhere', () => {
  test.each([
    [one({ regions: { in: ['atlantis'] } }), `unknown-place ${promotion}/regions/in/0`],
    [
      one({ regions: { with: { atlantis: { percent: 5 } } } }),
      `unknown-place ${promotion}/regions/with/atlantis`,
    ],
    [one({ when: { store: 'almaty-9' } }), `unknown-place ${promotion}/when/store`],
    [
      one({ when: { partner: { in: ['fuel-co', 'x'] } } }),
      `unknown-partner ${promotion}/when/partner`,
    ],
    [one({ when: { 'member.tier': 'platinum' } }), `unknown-tier ${promotion}/when/member.tier`],
    [
      one({ when: { 'member.tier.vips': 'gold' } }),
      `unknown-tier-group ${promotion}/when/member.tier.vips`,
    ],
    [one({ stacking: { category: 'mine' } }), `unknown-category ${promotion}/stacking/category`],
    [
      gives({ points: { fixed: 1, type: 'gold' } }, { type: 'points-accrual' }),
      `unknown-point-type ${benefit}/points/type`,
    ],
    [
      gives({ 'partner-discount': { partner: 'x' } }),
      `unknown-partner ${benefit}/partner-discount/partner`,
    ],
  ])('%#: %s', (document, expected) => {
    expect(problemsOf(document)).toEqual([expected]);
  });

  test('are declared by use in an open world, but a category needs its limit', () => {
    expect(
      problemsOf(one({ regions: { in: ['atlantis'] }, when: { partner: 'x' } }), 'open'),
    ).toEqual([]);
    expect(problemsOf(one({ stacking: { category: 'mine' } }), 'open')).toHaveLength(1);
  });
});

describe('what does not fit together', () => {
  test.each([
    [
      one({ period: { start: '2026-02-01', end: '2026-02-01' } }),
      `period-ends-before-start ${promotion}/period/end`,
    ],
    [one({ period: { for: 'P1M' } }), `wrong-period ${promotion}/period/for`],
    [
      one({ regions: { in: ['kz'], except: ['kz'] } }),
      `contradictory-region ${promotion}/regions/except/0`,
    ],
    [gives({ discount: { amount: 1, times: 'bundles' } }), `no-bundle ${benefit}/discount/times`],
    [
      gives({ 'pay-with-points': { percent: 5, type: 'status' } }, { type: 'points-payment' }),
      `points-not-spendable ${benefit}/pay-with-points/type`,
    ],
    [
      gives({ points: { fixed: 1.5 } }, { type: 'points-accrual' }),
      `too-many-places ${benefit}/points/fixed`,
    ],
    [gives({ text: { template: 'Hello {nobody}' } }), `unknown-variable ${benefit}/text/template`],
    [gives({ text: { template: 'Hello {member.id' } }), `wrong-template ${benefit}/text/template`],
    [{ pointTypes: [{ id: 'a' }, { id: 'a' }] }, 'duplicate-id /pointTypes/1/id'],
    [
      {
        places: [
          { id: 'a', kind: 'store' },
          { id: 'b', kind: 'region', parent: 'a' },
        ],
      },
      'wrong-level /places/1/parent',
    ],
    [{ places: [{ id: 'a', kind: 'region', parent: 'a' }] }, 'wrong-level /places/0/parent'],
    [
      {
        tierGroups: [{ id: 'c', points: 'main', tiers: [{ id: 't', from: 0 }] }],
        pointTypes: [{ id: 'main' }],
      },
      'not-qualification-points /tierGroups/0/points',
    ],
    [{ program: { categories: [{ id: 'never' }] } }, 'duplicate-id /program/categories/0/id'],
    [
      { program: { categories: [{ id: 'own', excludes: ['own'] }] } },
      'contradictory-category /program/categories/0/excludes/0',
    ],
    [
      { program: { categories: [{ id: 'own', excludes: ['always'] }] } },
      'contradictory-category /program/categories/0/excludes/0',
    ],
    [
      { program: { categories: [{ id: 'own', eligibility: 'always', excludes: ['common'] }] } },
      'contradictory-category /program/categories/0/excludes/0',
    ],
    [
      { program: { categories: [{ id: 'own', excludes: ['other'] }] } },
      'unknown-category /program/categories/0/excludes/0',
    ],
    [
      { program: { categories: [{ id: 'own', hierarchy: 5 }] } },
      'category-without-effect /program/categories/0/hierarchy',
    ],
    [
      { program: { categories: [{ id: 'own', eligibility: 'never', limit: 2 }] } },
      'category-without-effect /program/categories/0/limit',
    ],
    [
      { program: { categories: [{ id: 'own', when: { store: 'nowhere' } }] } },
      'unknown-place /program/categories/0/when/store',
    ],
  ])('%#: %s', (document, expected) => {
    expect(problemsOf(document)).toEqual([expected]);
  });

  test('the same name twice in the tree', () => {
    const child = { promotion: 'p', benefits: { list: [{ discount: { percent: 1 } }] } };
    expect(problemsOf({ arbitration: { children: [child, child] } })).toEqual([
      'duplicate-id /arbitration/children/1/promotion',
    ]);
  });
});

describe('benefits that a mode of arbitration does not support', () => {
  const under = (mode: string, ...list: unknown[]) => ({
    arbitration: {
      children: [{ group: 'g', mode, children: [{ promotion: 'p', benefits: { list } }] }],
    },
  });
  const path = '/arbitration/children/0/children/0/benefits/list/0';

  test.each([
    ['max', { text: 'Hi' }],
    ['max', { 'issue-code': { pool: 'x' } }],
    ['sum', { round: 'tens' }],
    ['sum', { price: { field: 'f' } }],
    ['sum', { points: { field: 'f' } }],
  ])('%s does not support %j', (mode, given) => {
    const found = diagnosticsOf(under(mode, given)).filter(({ severity }) => severity === 'error');
    expect(found.map(({ code, path: at }) => `${code} ${at}`)).toEqual([
      `unsupported-benefit ${path}`,
    ]);
    const [kind] = Object.keys(given);
    expect(found[0]?.message).toContain(`\`${kind}\``);
    expect(found[0]?.message).toContain('`p`');
    expect(found[0]?.message).toContain('`g`');
  });

  test.each([
    ['max', { round: 'tens' }],
    ['max', { price: { field: 'f' } }],
    ['sum', { text: 'Hi' }],
    ['sum', { price: { amount: 5 } }],
    ['sequential', { round: 'tens' }],
    ['exclusive', { text: 'Hi' }],
  ])('%s supports %j', (mode, given) => {
    expect(problemsOf(under(mode, given))).toEqual([]);
  });

  test('a nested group may: it hands up its result, not its benefits', () => {
    const inner = {
      group: 'inner',
      children: [{ promotion: 'p', benefits: { list: [{ round: 'tens' }] } }],
    };
    expect(problemsOf({ arbitration: { mode: 'sum', children: [inner] } })).toEqual([]);
  });
});

test('groups nest to nine levels and no further', () => {
  const nested = (levels: number): unknown =>
    levels === 0
      ? { promotion: 'p', benefits: { list: [{ discount: 5 }] } }
      : { group: `g${levels}`, children: [nested(levels - 1)] };
  expect(problemsOf({ arbitration: { children: [nested(9)] } })).toEqual([]);
  expect(problemsOf({ arbitration: { children: [nested(10)] } })).toEqual([
    `nesting-too-deep /arbitration${'/children/0'.repeat(10)}`,
  ]);
});

test('conditions that cost too much are refused before they ever run', () => {
  const any = Array.from({ length: 200 }, (_, index) => ({ 'line.sku': `S${index}` }));
  const when = { any: [{ any }, { not: { any } }] };
  expect(problemsOf(one({ when }))).toEqual([`too-costly ${promotion}`]);
});

test('a benefit foreign to the type is only a warning', () => {
  const found = diagnosticsOf(gives({ points: { fixed: 1 } }));
  expect(found.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
    'warning foreign-benefit',
  ]);
});
