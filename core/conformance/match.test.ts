import { describe, expect, test } from 'vitest';
import { difference } from './match.ts';

describe('an answer matches any subset of it', () => {
  const answer = {
    status: 'accepted',
    totals: { gross: 100, payable: 90 },
    lines: [
      { id: 'a', net: 40, awards: [{ promotion: 'p', applied: 10 }] },
      { id: 'b', net: 50, awards: [] },
    ],
    points: [{ type: 'main', accrued: 5 }],
    notApplied: [{ promotion: 'q', reason: 'period-ended' }],
    tiers: [{ group: 'club' }],
    partners: [
      { id: 'x', block: { after: 1 } },
      { id: 'y', block: { after: 2 } },
    ],
  };

  const same: [string, unknown][] = [
    ['nothing is asserted', {}],
    ['keys that are not given are not compared', { totals: { payable: 90 } }],
    ['lines go by order', { lines: [{ net: 40 }, { net: 50 }] }],
    ['not all lines have to be given', { lines: [{ id: 'a' }] }],
    ['points go by type', { points: [{ type: 'main', accrued: 5 }] }],
    ['a missing row of points counts as zeros', { points: [{ type: 'promo', after: 0 }] }],
    ['awards go by promotion', { lines: [{ awards: [{ promotion: 'p' }] }] }],
    ['other lists go by id', { partners: [{ id: 'y', block: { after: 2 } }] }],
    ['lists of promotions are complete', { notApplied: [{ promotion: 'q' }] }],
  ];
  for (const [name, expected] of same) {
    test(name, () => expect(difference(expected, answer)).toBeUndefined());
  }

  const different: [string, unknown, string][] = [
    ['another number', { totals: { payable: 91 } }, '/totals/payable'],
    ['an award too many', { lines: [{ awards: [] }] }, '/lines/0/awards/p'],
    ['an award too few', { lines: [{}, { awards: [{ promotion: 'p' }] }] }, '/lines/1/awards/p'],
    ['a missing line', { lines: [{}, {}, {}] }, '/lines/2'],
    ['points of another type', { points: [{ type: 'promo', after: 1 }] }, '/points/promo/after'],
    ['an unknown key', { surprise: 1 }, '/surprise'],
    ['a promotion that applied', { notApplied: [] }, '/notApplied/q'],
    ['a prototype key', { constructor: {} }, '/constructor'],
  ];
  for (const [name, expected, path] of different) {
    test(`${name} is told with its path`, () => {
      expect(difference(expected, answer)?.path).toBe(path);
    });
  }
});
