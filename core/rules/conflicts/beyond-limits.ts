import type { Decision } from '../../arbitration/decision.ts';
import { changesPrices } from '../../arbitration/interpret/state.ts';
import { quoted } from '../diagnostic.ts';
import type {
  ArbitrationNode,
  GroupNode,
  MaxDiscount,
  MinPrice,
  NormalPromotion,
} from '../normal.ts';
import { MILLION } from '../normal.ts';
import type { Claim, ClaimedBenefit, Claims } from './claims.ts';
import { type Joints, jointsOfOne } from './joint.ts';
import type { Literal } from './literals.ts';
import type { Report } from './report.ts';
import type { Search } from './search.ts';

/** Discounts that can be larger than the maximum, or go below the floor, of a group around them. */

/** Totals at which limits show: amounts exceed percentages of little, percentages those of much. */
const EXTREMES = [1, 50, 100, 1_000, 10_000, 1_000_000, 100_000_000, 10_000_000_000];

export function findBeyondLimits(claims: Claims, search: Search, report: Report): void {
  walk(claims.rules.root, [], { claims, search, report });
}

interface Tools {
  readonly claims: Claims;
  readonly search: Search;
  readonly report: Report;
}

function walk(node: ArbitrationNode, around: readonly GroupNode[], tools: Tools): void {
  if (node.kind === 'group') {
    for (const child of node.children) walk(child, [...around, node], tools);
    return;
  }
  const claims = tools.claims.of[node.promotion.position] ?? [];
  const cap = around.find(({ limits }) => exceeds(claims, limits.maxDiscount));
  if (cap?.limits.maxDiscount !== undefined) warnOfCap(node.promotion, cap, tools);
  const floor = around.find(({ limits }) => undercuts(claims, limits.minPrice));
  if (floor?.limits.minPrice !== undefined) warnOfFloor(node.promotion, floor, tools);
}

function lowering({ benefits }: Claim): readonly ClaimedBenefit[] {
  return benefits.filter(({ benefit }) => changesPrices(benefit) && benefit.target !== 'delivery');
}

/** Parts of a million that all benefits of a claim take off at most; `undefined`: any amount. */
function percentOf(claim: Claim): number | undefined {
  let total = 0;
  for (const { benefit } of lowering(claim)) {
    if (benefit.kind !== 'discount' || benefit.value.by !== 'percent') return undefined;
    total += benefit.value.percent;
  }
  return total;
}

/** Percentages within a percentage never exceed it; everything else may. */
function exceeds(claims: readonly Claim[], cap: MaxDiscount | undefined): boolean {
  if (cap === undefined) return false;
  return claims.some((claim) => {
    const percent = percentOf(claim);
    return percent === undefined || cap.kind === 'amount' ? percent !== 0 : percent > cap.percent;
  });
}

function undercuts(claims: readonly Claim[], floor: MinPrice | undefined): boolean {
  if (floor === undefined) return false;
  return claims.some((claim) => {
    const percent = percentOf(claim);
    if (percent === 0) return false;
    return percent === undefined || floor.kind !== 'percent' || percent > MILLION - floor.percent;
  });
}

function warnOfCap(promotion: NormalPromotion, group: GroupNode, tools: Tools): void {
  const { report } = tools;
  const cap = group.limits.maxDiscount;
  const most = cap?.kind === 'percent' ? `${cap.percent / 10_000} %` : String(cap?.amount);
  const finding = losing(promotion, EXTREMES, tools);
  report.tell(finding, `above-limit of ${quoted(promotion.id)}`, () => ({
    code: 'above-limit',
    path: report.pathOf(promotion),
    message: `${quoted(promotion.id)} can take off more than ${quoted(group.id)} allows: ${most}`,
    hint: 'lower the discount or raise the limit',
  }));
}

function warnOfFloor(promotion: NormalPromotion, group: GroupNode, tools: Tools): void {
  const { report } = tools;
  const floor = group.limits.minPrice;
  const near = floor?.kind === 'amount' ? [floor.amount, floor.amount + 1, ...EXTREMES] : EXTREMES;
  const finding = losing(promotion, near, tools, floor);
  report.tell(finding, `below-floor of ${quoted(promotion.id)}`, () => ({
    code: 'below-floor',
    path: report.pathOf(promotion),
    message: `${quoted(promotion.id)} can go below the minimum price of ${quoted(group.id)}`,
    hint: 'lower the discount, or leave it: the price stays at its floor',
  }));
}

/** Looks for a checkout in which a promotion gets less than it asks for. */
function losing(
  promotion: NormalPromotion,
  totals: readonly number[],
  { claims, search }: Tools,
  floor?: MinPrice,
) {
  const joints = (claims.of[promotion.position] ?? []).map((claim) =>
    jointsOfOne(claim, lowering(claim)),
  );
  const found = joints.flatMap((one) => one.found).map((joint) => withFloor(joint, floor));
  return search.find({ joints: { found, isProof: false }, totals, shows });

  function shows({ lines, notApplied }: Decision): boolean {
    const isBarred = notApplied.some(
      ({ promotion: id, reason }) => id === promotion.id && BARRED.includes(reason),
    );
    if (isBarred) return true;
    return lines.some(({ awards }) =>
      awards.some((one) => one.promotion === promotion.id && one.applied < one.requested),
    );
  }
}

/** Why nothing at all is left of a discount. */
const BARRED: readonly string[] = ['floor-reached', 'maximum-discount-reached'];

type Joint = Joints['found'][number];

/** A line that names its own floor names one that leaves no room. */
function withFloor(joint: Joint, floor: MinPrice | undefined): Joint {
  if (floor?.kind !== 'field') return joint;
  const fact = `fields.${floor.field}`;
  const test = { operator: 'is', value: 1_000_000_000 } as const;
  const literal: Literal = { fact, test, holds: true };
  const line = new Map(joint.line ?? []);
  return { ...joint, line: line.set(fact, [...(line.get(fact) ?? []), literal]) };
}
