import type { ArbitrationInput, DecisionResult } from '../arbitration/decision.ts';
import { contradicts } from './analyse/contradiction.ts';
import { shadowedChildren } from './analyse/shadow.ts';
import { Witnesses } from './analyse/witness.ts';
import type { Benefit } from './benefit.ts';
import { type Diagnostic, Problems, quoted } from './diagnostic.ts';
import type { RuleSetDocument } from './document.ts';
import type {
  ArbitrationNode,
  GroupNode,
  MaxDiscount,
  NormalPromotion,
  NormalRuleSet,
} from './normal.ts';
import { runsAt } from './regions.ts';
import { promotionsBelow } from './walk.ts';

/** Looks for what compiles and is probably not meant. Warnings only, on the normal form. */
export function analyse(
  rules: NormalRuleSet,
  document: RuleSetDocument,
  decide: (input: ArbitrationInput) => DecisionResult,
): readonly Diagnostic[] {
  const witnesses = new Witnesses(rules, decide);
  const problems = new Problems();
  const paths = pathsOf(document);
  const where = ({ id }: NormalPromotion) => paths.get(id) ?? '/arbitration';

  for (const promotion of rules.promotions) warnOfContradiction(promotion, where, problems);
  warnBelow(rules.root, { where, caps: [], witnesses, problems });
  warnOfEmptyRegions(rules, document, problems);
  return problems.found;
}

type Where = (promotion: NormalPromotion) => string;

function pathsOf({ arbitration }: RuleSetDocument): ReadonlyMap<string, string> {
  if (arbitration === undefined) return new Map();
  return new Map([...promotionsBelow(arbitration)].map((one) => [one.promotion, one.path]));
}

function warnOfContradiction(promotion: NormalPromotion, where: Where, problems: Problems): void {
  const bodies = [promotion.body, ...promotion.variants.map(({ body }) => body)];
  if (!bodies.every(({ when }) => contradicts(when))) return;
  problems.warn({
    code: 'never-applies',
    path: `${where(promotion)}/when`,
    message: `the conditions of ${quoted(promotion.id)} can never all hold`,
    hint: 'look for two tests of one fact that exclude each other',
  });
}

interface Walk {
  readonly where: Where;
  /** Maximum discounts of the groups around. */
  readonly caps: readonly MaxDiscount[];
  readonly witnesses: Witnesses;
  readonly problems: Problems;
}

function warnBelow(node: ArbitrationNode, walk: Walk): void {
  if (node.kind === 'promotion') {
    warnOfCap(node.promotion, walk);
    return;
  }
  warnOfShadow(node, walk);
  const { maxDiscount } = node.limits;
  const caps = maxDiscount === undefined ? walk.caps : [...walk.caps, maxDiscount];
  for (const child of node.children) warnBelow(child, { ...walk, caps });
}

function warnOfShadow(group: GroupNode, { where, witnesses, problems }: Walk): void {
  for (const { promotion, by } of shadowedChildren(group)) {
    problems.warn({
      code: 'unreachable-promotion',
      path: where(promotion),
      message:
        `${quoted(promotion.id)} never gets its turn: ${quoted(by.id)} stands before it ` +
        `in ${quoted(group.id)} and always applies`,
      hint: 'move it up, or give the other one a condition',
      witness: witnesses.of(({ notApplied }) =>
        notApplied.some(
          (one) => one.promotion === promotion.id && one.reason === 'lost-to-another',
        ),
      ),
    });
  }
}

function warnOfCap(promotion: NormalPromotion, { where, caps, witnesses, problems }: Walk): void {
  for (const benefit of promotion.body.benefits) {
    if (benefit.kind !== 'discount' || benefit.value.by !== 'percent') continue;
    const { percent } = benefit.value;
    const cap = caps.find((one) => isExceeded(one, percent, benefit));
    if (cap?.kind !== 'percent') continue;
    problems.warn({
      code: 'above-limit',
      path: where(promotion),
      message:
        `${quoted(promotion.id)} takes off ${percent / 10_000} %, ` +
        `a group around it at most ${cap.percent / 10_000} %`,
      hint: 'lower the discount or raise the limit',
      witness: witnesses.of(({ lines }) =>
        lines.some(({ awards }) =>
          awards.some((one) => one.promotion === promotion.id && one.applied < one.requested),
        ),
      ),
    });
    return;
  }
}

/** A maximum is about goods; a discount on some of them may stay below that of the whole order. */
function isExceeded(cap: MaxDiscount, percent: number, { target, lines }: Benefit): boolean {
  if (cap.kind !== 'percent' || cap.percent >= percent || target === 'delivery') return false;
  const wholeLines = lines.every(({ ranking, bundle }) => !ranking && bundle.length === 0);
  return cap.per === 'line' ? wholeLines : lines.length === 0;
}

function warnOfEmptyRegions(
  rules: NormalRuleSet,
  document: RuleSetDocument,
  problems: Problems,
): void {
  if (rules.promotions.length === 0) return;
  const declared = new Map(document.places.map(({ id }, index) => [id, index]));
  for (const place of rules.places) {
    const index = declared.get(place.id);
    if (place.kind !== 'region' || index === undefined) continue;
    if (rules.promotions.some(({ regions }) => runsAt(regions, place.path))) continue;
    problems.warn({
      code: 'region-without-promotion',
      path: `/places/${index}`,
      message: `no promotion runs in ${quoted(place.id)}`,
      hint: 'add the region to `regions.in` of a promotion, if that is not meant',
    });
  }
}
