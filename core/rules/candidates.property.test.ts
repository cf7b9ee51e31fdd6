import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decidingBenefits } from '../arbitration/benefits.ts';
import { factsFor, inputOf, normalRules } from '../testing/rule-cases.ts';
import {
  arbitraryCheckoutJson,
  arbitraryDocument,
  arbitraryInstant,
  arbitraryMember,
} from '../testing/rule-documents.ts';
import { contains, resolvePeriod } from '../time/period.ts';
import { compileHours } from '../time/weekly.ts';
import { indexCandidates } from './candidates.ts';
import { interpretCondition } from './conditions/interpret.ts';
import type { Facts } from './facts.ts';
import { compileSelect } from './lines/select.ts';
import type { NormalPromotion } from './normal.ts';
import { runsAt } from './regions.ts';

/** May the promotion do anything at all? Said without an index. */
function mayApply(promotion: NormalPromotion, facts: Facts): boolean {
  const { path, zone } = facts.place;
  const variant = path
    .map((place) => promotion.variants.find((one) => one.place === place))
    .find((one) => one !== undefined);
  const body = variant?.body ?? promotion.body;
  const { channel } = facts.input.checkout;
  return (
    runsAt(promotion.regions, path) &&
    contains(resolvePeriod(body.period, zone), facts.at) &&
    compileHours(body.hours)(facts.local) &&
    (body.channels.length === 0 || body.channels.some((one) => one === channel)) &&
    interpretCondition(body.when, facts) === undefined &&
    decidingBenefits(body).some(({ lines }) =>
      compileSelect(lines)(facts.lines).units.some((units) => units > 0),
    )
  );
}

test('the index never misses a promotion that may apply', () => {
  let found = 0;
  fc.assert(
    fc.property(
      arbitraryDocument,
      fc.record({
        checkout: arbitraryCheckoutJson,
        member: arbitraryMember,
        at: arbitraryInstant,
      }),
      (document, given) => {
        const rules = normalRules(document, 'closed');
        const input = inputOf(given);
        const facts = factsFor(rules, input);
        const candidates = indexCandidates(rules).lookup(input, facts.place);
        const applying = rules.promotions.filter((promotion) => mayApply(promotion, facts));
        found += applying.length;
        expect(candidates).toEqual(expect.arrayContaining(applying.map((one) => one.position)));
        expect(candidates).toEqual([...candidates].sort((left, right) => left - right));
      },
    ),
    { numRuns: 400 },
  );
  // Random rule sets that never apply would prove nothing.
  expect(found).toBeGreaterThan(10);
});
