import type { Decision } from '../../arbitration/decision.ts';
import { resolveMoment } from '../../time/moment.ts';
import { resolvePeriod } from '../../time/period.ts';
import type { Benefit } from '../benefit.ts';
import { quoted } from '../diagnostic.ts';
import type { NormalPromotion } from '../normal.ts';
import type { Claim, Claims } from './claims.ts';
import { jointsOfOne } from './joint.ts';
import type { Report } from './report.ts';
import type { Search } from './search.ts';

/** Benefits that name what has ended, has not begun, or has nothing to give. */

interface Tools {
  readonly claims: Claims;
  readonly search: Search;
  readonly report: Report;
}

/** What is wrong with what a benefit names. */
interface Fault {
  readonly code: 'ended-reference' | 'missing-reference';
  readonly message: string;
  readonly hint: string;
  /** From when on it shows. */
  readonly from?: number;
}

export function findBadReferences(claims: Claims, search: Search, report: Report): void {
  for (const promotion of claims.rules.promotions) {
    for (const claim of claims.of[promotion.position] ?? []) {
      for (const one of claim.benefits) {
        const fault = faultOf(one.benefit, claim, claims);
        if (fault !== undefined) warn(promotion, { claim, fault, one }, { claims, search, report });
      }
    }
  }
}

function faultOf(benefit: Benefit, claim: Claim, claims: Claims): Fault | undefined {
  if (benefit.kind === 'points' || benefit.kind === 'pay-with-points') {
    return endedType(benefit.type, claim, claims);
  }
  if (benefit.kind !== 'partner-discount' || benefit.partner === undefined) return undefined;
  return partnerWithoutTerms(benefit.partner, claim, claims);
}

/** A point type that is switched off while the promotion still runs. */
function endedType(type: string, { body }: Claim, { rules }: Claims): Fault | undefined {
  const { zone } = rules.programme;
  const moment = rules.pointTypes.find(({ id }) => id === type)?.deactivateAt;
  if (moment === undefined) return undefined;
  const from = resolveMoment(moment, zone, 'start');
  if (resolvePeriod(body.period, zone).end <= from) return undefined;
  return {
    code: 'ended-reference',
    message: `it uses points of ${quoted(type)}, which end before it does`,
    hint: 'end the promotion with the points, or name another type',
    from,
  };
}

/** A partner who offers nothing, or not before the promotion is over. */
function partnerWithoutTerms(id: string, { body }: Claim, { rules }: Claims): Fault | undefined {
  const partner = rules.partners.find((one) => one.id === id);
  const { zone } = rules.programme;
  const since =
    partner?.since === undefined ? undefined : resolveMoment(partner.since, zone, 'start');
  if (since !== undefined && since >= resolvePeriod(body.period, zone).end) {
    return {
      code: 'missing-reference',
      message: `the terms of ${quoted(id)} begin only when it is over`,
      hint: 'move the period, or the beginning of the partner',
    };
  }
  if (partner?.reward !== undefined || (partner?.products.length ?? 0) > 0) return undefined;
  return {
    code: 'missing-reference',
    message: `${quoted(id)} offers nothing: it has neither a reward nor products`,
    hint: 'add `reward` or `products` to the partner',
  };
}

function warn(
  promotion: NormalPromotion,
  { claim, fault, one }: { claim: Claim; fault: Fault; one: Claim['benefits'][number] },
  { search, report }: Tools,
): void {
  const { code, message, hint, from } = fault;
  const finding = search.find({
    joints: jointsOfOne(claim, [one]),
    shows: (decision) => givesNothing(decision, promotion, one.benefit),
    ...(from === undefined ? {} : { from }),
  });
  report.tell(finding, `${code} of ${quoted(promotion.id)}`, () => ({
    code,
    path: report.pathOf(promotion),
    message: `${quoted(promotion.id)}: ${message}`,
    hint,
  }));
}

/** Whether a benefit of an eligible promotion came to nothing. */
function givesNothing(decision: Decision, { id }: NormalPromotion, { kind }: Benefit): boolean {
  const awards = decision.lines.flatMap((line) => line.awards);
  const gave = [...awards, ...decision.accruals].some(
    (one) => one.promotion === id && one.benefit === kind,
  );
  const reasons: readonly string[] = ['points-inactive', 'no-effect'];
  const paid = decision.redemptions.some((one) => one.promotion === id);
  const missed = decision.notApplied.find((one) => one.promotion === id);
  return !gave && !paid && (missed === undefined || reasons.includes(missed.reason));
}
