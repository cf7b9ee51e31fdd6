import { type Problems, pointer, quoted } from '../diagnostic.ts';
import type { DocumentBenefit } from '../document/benefit.ts';
import type { DocumentPartner } from '../document/places.ts';
import type { DocumentPointType } from '../document/points.ts';
import type { DocumentPromotion } from '../document/promotion.ts';
import type { RuleSetDocument } from '../document.ts';
import { type Decimal, decimalText, scaled } from '../shape/decimal.ts';
import { bodiesOf, promotionsBelow } from '../walk.ts';

/** Amounts of points fit the precision of their type, and types are used for what they are. */
export function checkPoints(document: RuleSetDocument, problems: Problems): void {
  const types = new Map(document.pointTypes.map((type) => [type.id, type]));
  for (const [index, type] of document.pointTypes.entries()) {
    checkType(type, `/pointTypes/${index}`, problems);
  }
  for (const [index, group] of document.tierGroups.entries()) {
    const path = `/tierGroups/${index}`;
    if (types.get(group.points)?.state === 'draft') {
      reportDraft(group.points, `${path}/points`, problems);
    }
    checkGroupPoints(types.get(group.points), path, problems);
    const precision = types.get(group.points)?.precision ?? 0;
    for (const [position, tier] of group.tiers.entries()) {
      checkAmount(tier.from, { precision, path: `${path}/tiers/${position}/from` }, problems);
    }
    if (group.model === 'cyclic' && group.period === undefined) {
      problems.error({
        code: 'missing-field',
        path: `${path}/period`,
        message: 'a cyclic tier group has a period',
        hint: 'add `period: { months: 12 }`',
      });
    }
  }
  for (const [index, partner] of document.partners.entries()) {
    checkCaps(partner.caps, { types, path: `/partners/${index}/caps` }, problems);
  }
  if (document.arbitration === undefined) return;
  for (const promotion of promotionsBelow(document.arbitration)) {
    if (promotion.state !== 'draft') checkDrafts(promotion, types, problems);
    for (const benefit of bodiesOf(promotion).flatMap((body) => body.benefits.list)) {
      checkBenefit(benefit, types, problems);
    }
  }
}

function checkCaps(
  caps: DocumentPartner['caps'],
  { types, path }: { readonly types: Types; readonly path: string },
  problems: Problems,
): void {
  for (const [position, cap] of caps.entries()) {
    const type = cap.type === undefined ? firstStandard(types) : types.get(cap.type);
    const at = `${path}/${position}`;
    const precision = type?.precision ?? 0;
    checkAmount(cap.points, { precision, path: `${at}/points` }, problems);
    if (cap.of === 'accepted' && type?.kind === 'qualification') {
      reportNotSpendable(type.id, `${at}/type`, problems);
    }
    if (type?.state === 'draft') reportDraft(type.id, `${at}/type`, problems);
    const isSame = (other: typeof cap): boolean =>
      other.of === cap.of && other.type === cap.type && other.per === cap.per;
    if (caps.findIndex(isSame) === position) continue;
    problems.error({
      code: 'ambiguous-amount',
      path: at,
      message: `points ${cap.of} per ${cap.per} are capped twice`,
      hint: 'keep one of the two',
    });
  }
}

function reportNotSpendable(type: string, path: string, problems: Problems): void {
  problems.error({
    code: 'points-not-spendable',
    path,
    message: `${quoted(type)} is a qualification type and cannot be spent`,
    hint: 'use a standard type',
  });
}

function checkType(type: DocumentPointType, path: string, problems: Problems): void {
  const { precision, initialBalance, ratio, topUp } = type;
  checkAmount(initialBalance, { precision, path: `${path}/initialBalance` }, problems);
  checkAmount(type.adjustUpTo, { precision, path: `${path}/adjustUpTo` }, problems);
  checkAmount(type.payUpTo?.points, { precision, path: `${path}/payUpTo/points` }, problems);
  checkAmount(topUp?.at, { precision, path: `${path}/topUp/at` }, problems);
  checkAmount(ratio?.points, { precision, path: `${path}/ratio/points` }, problems);
  for (const [name, amount] of [
    ['ratio/points', ratio?.points],
    ['topUp/at', topUp?.at],
  ] as const) {
    if (amount === undefined || amount.digits > 0) continue;
    problems.error({
      code: 'out-of-range',
      path: `${path}/${name}`,
      message: 'no points are worth nothing',
      hint: 'write a number above 0',
    });
  }
}

/** What is applied cannot lean on a point type that is still being prepared (003-10). */
function checkDrafts(promotion: DocumentPromotion, types: Types, problems: Problems): void {
  for (const benefit of bodiesOf(promotion).flatMap((body) => body.benefits.list)) {
    if (!('type' in benefit.arguments) || benefit.arguments.type === undefined) continue;
    const { type } = benefit.arguments;
    const path = `${pointer(benefit.path, benefit.kind)}/type`;
    if (types.get(type)?.state === 'draft') reportDraft(type, path, problems);
  }
}

function reportDraft(type: string, path: string, problems: Problems): void {
  problems.error({
    code: 'draft-point-type',
    path,
    message: `${quoted(type)} is a draft`,
    hint: 'make the point type active, or the promotion a draft',
  });
}

function checkGroupPoints(
  type: DocumentPointType | undefined,
  path: string,
  problems: Problems,
): void {
  if (type === undefined || type.kind === 'qualification') return;
  problems.error({
    code: 'not-qualification-points',
    path: `${path}/points`,
    message: `${quoted(type.id)} is not a qualification type`,
    hint: 'tiers are reached by points of kind qualification',
  });
}

function checkAmount(
  amount: Decimal | undefined,
  where: { readonly precision: number; readonly path: string },
  problems: Problems,
): void {
  if (amount === undefined || scaled(amount, where.precision) !== undefined) return;
  problems.error({
    code: 'too-many-places',
    path: where.path,
    message: `${quoted(decimalText(amount))} has more than ${where.precision} decimal places`,
    hint: 'use the precision of the point type, or raise it',
  });
}

type Types = ReadonlyMap<string, DocumentPointType>;

function checkBenefit(benefit: DocumentBenefit, types: Types, problems: Problems): void {
  if (!('type' in benefit.arguments)) return;
  const path = pointer(benefit.path, benefit.kind);
  const type = benefit.arguments.type === undefined ? undefined : types.get(benefit.arguments.type);
  const spends = benefit.kind === 'pay-with-points' || benefit.kind === 'top-up';
  if (spends && type?.kind === 'qualification') {
    reportNotSpendable(type.id, `${path}/type`, problems);
  }
  const precision = (type ?? firstStandard(types))?.precision ?? 0;
  for (const [name, amount] of amountsOf(benefit)) {
    checkAmount(amount, { precision, path: `${path}/${name}` }, problems);
  }
}

function firstStandard(types: Types): DocumentPointType | undefined {
  return [...types.values()].find((type) => type.kind === 'standard');
}

function amountsOf(benefit: DocumentBenefit): readonly (readonly [string, Decimal | undefined])[] {
  switch (benefit.kind) {
    case 'points':
      return [
        ['fixed', benefit.arguments.fixed],
        ['every/points', benefit.arguments.every?.points],
        ['range/from', benefit.arguments.range?.from],
        ['range/to', benefit.arguments.range?.to],
      ];
    case 'pay-with-points':
      return [['points', benefit.arguments.points]];
    case 'top-up':
      return [['at', benefit.arguments.at]];
    default:
      return [];
  }
}
