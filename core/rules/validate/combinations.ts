import { type Problems, quoted } from '../diagnostic.ts';
import type { DocumentBenefit } from '../document/benefit.ts';
import type { DocumentPromotion } from '../document/promotion.ts';
import type { DocumentGroup } from '../document/tree.ts';
import type { RuleSetDocument } from '../document.ts';
import { bodiesOf, nodesBelow } from '../walk.ts';

/**
 * Benefits that a way of arbitration cannot handle (003-40, 003-41, 003-46). Forbidden to direct
 * children only: a nested group hands up its result, not its benefits.
 */
export function checkCombinations(document: RuleSetDocument, problems: Problems): void {
  if (document.arbitration === undefined) return;
  for (const { node, parent } of nodesBelow(document.arbitration)) {
    if (node.kind === 'promotion' && parent !== undefined) checkChild(node, parent, problems);
  }
}

const MODE_NAMES = { max: 'Maximum benefit', sum: 'Summation' } as const;

function checkChild(promotion: DocumentPromotion, parent: DocumentGroup, problems: Problems): void {
  const { mode } = parent;
  if (mode !== 'max' && mode !== 'sum') return;
  for (const benefit of bodiesOf(promotion).flatMap((body) => body.benefits.list)) {
    const what = mode === 'max' ? notUnderMax(benefit) : notUnderSum(benefit);
    if (what === undefined) continue;
    problems.error({
      code: 'unsupported-benefit',
      path: benefit.path,
      message:
        `${MODE_NAMES[mode]} does not support ${what}: the benefit ${quoted(benefit.kind)} ` +
        `of promotion ${quoted(promotion.promotion)} in group ${quoted(parent.id)}`,
      hint: 'move the promotion into a group of its own below, or change the mode of the group',
    });
  }
}

/** Texts and codes have no amount to compare. */
function notUnderMax(benefit: DocumentBenefit): string | undefined {
  if (benefit.kind === 'text') return 'a templated text';
  return benefit.kind === 'issue-code' ? 'issuing a code' : undefined;
}

/** These depend on a price that others change at the same time. */
function notUnderSum(benefit: DocumentBenefit): string | undefined {
  if (benefit.kind === 'round') return 'rounding a price';
  if (benefit.kind === 'price' && benefit.arguments.field !== undefined) {
    return 'a price from a field';
  }
  if (benefit.kind === 'points' && benefit.arguments.field !== undefined) {
    return 'points from a field';
  }
  return undefined;
}
