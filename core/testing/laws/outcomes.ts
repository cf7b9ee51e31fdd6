import assert from 'node:assert/strict';
import { hasAnchor } from '../../arbitration/anchors.ts';
import { factsOf, openCase, openingState } from '../../arbitration/interpret/case.ts';
import { eligibility } from '../../arbitration/interpret/eligibility.ts';
import { mulDiv } from '../../money/rounding.ts';
import { linesNeeded } from '../../rules/candidates/lines.ts';
import { plainLanguageOf } from '../../rules/language.ts';
import { MILLION, type NormalRuleSet } from '../../rules/normal.ts';
import type { Law } from './law.ts';
import { casesOf, type Scene, scenesOf, sum } from './scene.ts';

/** Laws of any outcome, whatever the rule set and the checkout. */

function always(name: string, holds: (scene: Scene) => void): Law {
  return {
    name,
    cases: casesOf(),
    holds: (one) => {
      for (const scene of scenesOf(one)) holds(scene);
    },
  };
}

const SUMS = always('lines sum to the totals, and awards to the lines', ({ decision }) => {
  const { totals, lines, deliveryAwards } = decision;
  assert.equal(sum(lines.map(({ gross }) => gross)), totals.gross);
  assert.equal(sum(lines.map(({ discount }) => discount)), totals.discount);
  assert.equal(sum(lines.map((line) => line.paidWithPoints)), totals.paidWithPoints);
  for (const { gross, discount, net, awards } of lines) {
    assert.equal(net, gross - discount);
    assert.equal(sum(awards.map(({ applied }) => applied)), discount);
  }
  assert.equal(sum(deliveryAwards.map(({ applied }) => applied)), totals.deliveryDiscount);
  const { gross, discount, delivery, deliveryDiscount, paidWithPoints, payable } = totals;
  assert.equal(payable, gross - discount + delivery - deliveryDiscount - paidWithPoints);
});

const NOT_BELOW_ZERO = always(
  'nothing falls below zero, and points pay no more than the price',
  ({ decision: { lines, totals } }) => {
    for (const { net, paidWithPoints, gross } of lines) {
      assert.ok(net >= 0 && gross >= 0, `${net} of ${gross}`);
      assert.ok(paidWithPoints >= 0 && paidWithPoints <= net, `${paidWithPoints} of ${net}`);
    }
    assert.ok(totals.payable >= 0);
    assert.ok(totals.deliveryDiscount <= totals.delivery);
  },
);

const NOT_MORE_THAN_ASKED = always('nothing is applied that was not requested', ({ decision }) => {
  const awards = [...decision.lines.flatMap((line) => line.awards), ...decision.deliveryAwards];
  for (const { requested, applied } of awards) assert.ok(applied <= requested);
  for (const { requested, points } of decision.accruals) assert.ok(points <= requested);
});

const SHARES = always('shares of points and money sum to their wholes', ({ decision }) => {
  for (const { shares, points } of decision.accruals) {
    assert.equal(sum(shares), points);
    assert.ok(Math.min(...shares) >= 0);
  }
  for (const { points, amount, pointShares, amountShares } of decision.redemptions) {
    assert.equal(sum(pointShares), points);
    assert.equal(sum(amountShares), amount);
  }
  for (const { amount } of decision.contributions) assert.ok(amount > 0);
});

const NOT_MORE_THAN_OWNED = always(
  'no more points are spent than the member has',
  ({ decision, input }) => {
    const spent = new Map<string, number>();
    for (const { type, points } of decision.redemptions) {
      spent.set(type, (spent.get(type) ?? 0) + points);
    }
    for (const [type, points] of spent) {
      assert.ok(points <= (input.member?.points.get(type) ?? 0), `${points} of ${type}`);
    }
  },
);

const REASONS = always('every eligible promotion has applied or has a reason', (scene) => {
  const { decision, rules, input } = scene;
  const missed = decision.notApplied.map(({ promotion }) => promotion);
  assert.equal(new Set(missed).size, missed.length);
  const did = new Set(
    [
      decision.lines.flatMap(({ awards }) => awards.filter(({ applied }) => applied !== 0)),
      decision.deliveryAwards.filter(({ applied }) => applied !== 0),
      decision.accruals,
      decision.redemptions,
      decision.texts,
      decision.codes,
    ]
      .flat()
      .map(({ promotion }) => promotion),
  );
  const opened = openCase(rules, plainLanguageOf(rules), input);
  const facts = factsOf(opened, openingState(opened));
  for (const promotion of rules.promotions) {
    const { id } = promotion;
    if (did.has(id)) assert.ok(!missed.includes(id), `${id} applied and did not`);
    // Forced without effect, a promotion counts and leaves nothing to see.
    if (did.has(id) || missed.includes(id) || rules.settings.noEffect === 'force') continue;
    if (!hasAnchor(input.checkout.lines, linesNeeded(promotion, true))) continue;
    assert.notEqual(eligibility(promotion, facts, opened), undefined, `${id} has no reason`);
  }
  for (const { reason } of decision.notApplied) assert.notEqual(reason, '');
});

const CAP = always('main arbitration caps the discount on goods', ({ decision, rules }) => {
  const cap = rules.root.limits.maxDiscount;
  if (cap === undefined || hasOrderRounding(rules)) return;
  const { gross, discount } = decision.totals;
  const most = (base: number) =>
    cap.kind === 'amount' ? cap.amount : mulDiv(base, cap.percent, MILLION, 'floor');
  if (cap.per === 'order') assert.ok(discount <= most(gross), `${discount} of ${gross}`);
  else for (const line of decision.lines) assert.ok(line.discount <= most(line.gross));
});

const FLOOR = always('main arbitration holds every line at its floor', (scene) => {
  const { decision, rules, input } = scene;
  const floor = rules.root.limits.minPrice;
  if (floor === undefined) return;
  decision.lines.forEach(({ net, gross }, index) => {
    const line = input.checkout.lines[index];
    const perUnit = floor.kind === 'field' ? line?.fields.get(floor.field) : undefined;
    const least =
      floor.kind === 'percent'
        ? mulDiv(gross, floor.percent, MILLION, 'ceil')
        : mulDiv(
            floor.kind === 'amount' ? floor.amount : Number(perUnit ?? 0),
            line?.quantity ?? 0,
            1000,
            'ceil',
          );
    assert.ok(net >= Math.min(gross, least), `line ${index}: ${net} under ${least}`);
  });
});

function hasOrderRounding({ promotions }: NormalRuleSet): boolean {
  return promotions.some(({ body }) =>
    body.benefits.some(({ kind, target }) => kind === 'round' && target === 'order'),
  );
}

const REPEATABLE: Law = {
  name: 'equal inputs give equal bytes',
  cases: casesOf(),
  holds: (one) => {
    const once = JSON.stringify(scenesOf(one).map(({ decision }) => decision));
    assert.equal(JSON.stringify(scenesOf(one).map(({ decision }) => decision)), once);
  },
};

export const OUTCOME_LAWS: readonly Law[] = [
  SUMS,
  NOT_BELOW_ZERO,
  NOT_MORE_THAN_ASKED,
  SHARES,
  NOT_MORE_THAN_OWNED,
  REASONS,
  CAP,
  FLOOR,
  REPEATABLE,
];
