import { addDuration, fixedMilliseconds } from '../../time/duration.ts';
import { resolveMoment } from '../../time/moment.ts';
import type { BenefitKind } from '../benefit.ts';
import { type Problems, pointer, quoted } from '../diagnostic.ts';
import type { DocumentBenefit } from '../document/benefit.ts';
import type { DocumentBody, DocumentPromotion } from '../document/promotion.ts';
import type { RuleSetDocument } from '../document.ts';
import type { PromotionType } from '../normal.ts';
import { templateProblem } from '../template.ts';
import { bodiesOf, promotionsBelow } from '../walk.ts';

/** What one promotion says must make sense in itself. */
export function checkPromotions(document: RuleSetDocument, problems: Problems): void {
  if (document.arbitration === undefined) return;
  const zone = document.program?.timezone ?? 'UTC';
  for (const promotion of promotionsBelow(document.arbitration)) {
    checkRegions(promotion, problems);
    for (const [index, body] of bodiesOf(promotion).entries()) {
      const path = bodyPath(promotion, index);
      checkPeriod(body, { path, zone }, problems);
      for (const benefit of body.benefits.list) {
        checkBenefit(benefit, { body, type: promotion.type }, problems);
      }
    }
  }
}

function bodyPath(promotion: DocumentPromotion, index: number): string {
  const variant = promotion.variants[index - 1];
  return variant === undefined
    ? promotion.path
    : pointer(`${promotion.path}/regions/with`, variant.place);
}

function checkRegions(promotion: DocumentPromotion, problems: Problems): void {
  const { regions, path } = promotion;
  for (const [index, id] of (regions?.except ?? []).entries()) {
    if (!regions?.in.includes(id)) continue;
    problems.error({
      code: 'contradictory-region',
      path: `${path}/regions/except/${index}`,
      message: `${quoted(id)} is in both \`in\` and \`except\``,
      hint: 'keep it in one of the two',
    });
  }
}

interface Where {
  readonly path: string;
  readonly zone: string;
}

function checkPeriod(body: DocumentBody, { path, zone }: Where, problems: Problems): void {
  const { period } = body;
  if (period === undefined) return;
  const wrong = (field: string, message: string, hint: string) =>
    problems.error({ code: 'wrong-period', path: `${path}/period/${field}`, message, hint });

  if (period.for !== undefined && period.end !== undefined) {
    wrong('for', 'a period has either `end` or `for`', 'keep one of the two');
    return;
  }
  if (period.for !== undefined && period.start === undefined) {
    wrong('for', '`for` needs a `start` to count from', 'add `start`');
    return;
  }
  if (period.repeat !== undefined) checkRepeat(period, wrong);
  if (period.start === undefined) return;
  const start = resolveMoment(period.start, zone, 'start');
  const end =
    period.for === undefined
      ? period.end && resolveMoment(period.end, zone, 'end')
      : addDuration(start, period.for, zone);
  if (end === undefined || start < end) return;
  problems.error({
    code: 'period-ends-before-start',
    path: `${path}/period/${period.for === undefined ? 'end' : 'for'}`,
    message: 'the period ends before it starts',
    hint: 'a period includes its start and excludes its end; write a later end',
  });
}

type Wrong = (field: string, message: string, hint: string) => void;

function checkRepeat({ start, repeat }: NonNullable<DocumentBody['period']>, wrong: Wrong): void {
  if (repeat === undefined) return;
  const every = fixedMilliseconds(repeat.every) ?? 0;
  const lasts = fixedMilliseconds(repeat.for) ?? 0;
  if (start === undefined) wrong('repeat', '`repeat` needs a `start` to count from', 'add `start`');
  else if (every === 0 || lasts === 0) {
    wrong('repeat', 'occurrences are counted in days and hours', 'write `P7D` or `PT12H`');
  } else if (lasts > every) {
    wrong('repeat/for', 'an occurrence lasts longer than to the next one', 'shorten it');
  }
}

interface Owner {
  readonly body: DocumentBody;
  readonly type: PromotionType;
}

function checkBenefit(benefit: DocumentBenefit, owner: Owner, problems: Problems): void {
  const path = pointer(benefit.path, benefit.kind);
  checkBundles(benefit, owner.body, problems);
  checkTemplates(benefit, problems);
  if (benefit.kind === 'points' && benefit.arguments.range !== undefined) {
    const { from, to } = benefit.arguments.range;
    if (from.digits * 10 ** -from.places > to.digits * 10 ** -to.places) {
      problems.error({
        code: 'empty-range',
        path: `${path}/range`,
        message: 'the range is empty',
        hint: 'write the smaller number first',
      });
    }
  }
  if (FOREIGN[owner.type].includes(benefit.kind)) {
    problems.warn({
      code: 'foreign-benefit',
      path: benefit.path,
      message: `${quoted(benefit.kind)} is unusual in a promotion of type ${quoted(owner.type)}`,
      hint: 'check the type: it decides the form and the reports',
    });
  }
}

/** Multiplying by bundles needs bundles. */
function checkBundles(benefit: DocumentBenefit, body: DocumentBody, problems: Problems): void {
  if (benefit.common.times === undefined) return;
  const scopes = [body.lines, benefit.common.lines];
  if (scopes.some((scope) => scope !== undefined && scope.bundle.length > 0)) return;
  problems.error({
    code: 'no-bundle',
    path: `${pointer(benefit.path, benefit.kind)}/times`,
    message: 'there is no bundle to multiply by',
    hint: 'add `lines: { bundle: [ { sku, quantity } ] }`',
  });
}

function checkTemplates(benefit: DocumentBenefit, problems: Problems): void {
  const path = pointer(benefit.path, benefit.kind);
  if (benefit.kind === 'text') check('template', benefit.arguments.template);
  if (benefit.kind === 'issue-code') check('message', benefit.arguments.message);

  function check(name: string, template: string): void {
    const problem = templateProblem(template);
    if (problem !== undefined) problems.error({ path: `${path}/${name}`, ...problem });
  }
}

const PRICES: readonly BenefitKind[] = ['discount', 'price', 'round', 'partner-discount'];
const POINTS: readonly BenefitKind[] = ['points', 'multiply-points', 'top-up'];

/** Benefits that one would not expect under a campaign type. */
const FOREIGN: Readonly<Record<PromotionType, readonly BenefitKind[]>> = {
  'product-discount': [...POINTS, 'pay-with-points'],
  'order-discount': [...POINTS, 'pay-with-points'],
  'points-accrual': [...PRICES, 'pay-with-points'],
  'points-payment': [...PRICES, ...POINTS],
  'partner-offer': [],
  code: [],
  trigger: ['round', 'partner-discount'],
};
