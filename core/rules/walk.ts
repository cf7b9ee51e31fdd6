import type { DocumentBenefit } from './document/benefit.ts';
import type { DocumentCondition } from './document/condition.ts';
import type { DocumentLines } from './document/lines.ts';
import type { DocumentBody, DocumentPromotion } from './document/promotion.ts';
import type { DocumentGroup, DocumentNode } from './document/tree.ts';

/** Ways to look at everything of a document, in its order. */

/** The node and all nodes below it, each with its parent. */
export function* nodesBelow(
  node: DocumentNode,
  parent?: DocumentGroup,
): Generator<{ readonly node: DocumentNode; readonly parent: DocumentGroup | undefined }> {
  yield { node, parent };
  if (node.kind === 'promotion') return;
  for (const child of node.children) yield* nodesBelow(child, node);
}

/** All promotions below a node. */
export function* promotionsBelow(node: DocumentNode): Generator<DocumentPromotion> {
  for (const { node: one } of nodesBelow(node)) if (one.kind === 'promotion') yield one;
}

/** The body for every place, the general one first. */
export function bodiesOf(promotion: DocumentPromotion): readonly DocumentBody[] {
  return [promotion.body, ...promotion.variants.map((variant) => variant.body)];
}

/** All line scopes of a body: its own and those of its benefits. */
export function scopesOf(body: DocumentBody): readonly DocumentLines[] {
  const benefits: readonly DocumentBenefit[] = body.benefits.list;
  return [body.lines, ...benefits.map((one) => one.common.lines)].filter(
    (scope) => scope !== undefined,
  );
}

export type DocumentFact = Extract<DocumentCondition, { readonly kind: 'fact' }>;

/** The facts of a condition, in order. */
export function* factsOf(condition: DocumentCondition | undefined): Generator<DocumentFact> {
  if (condition === undefined) return;
  if (condition.kind === 'fact') yield condition;
  else if (condition.kind === 'not') yield* factsOf(condition.part);
  else for (const part of condition.parts) yield* factsOf(part);
}

/** The facts of a body: of its `when` and of all its line scopes. */
export function* factsOfBody(body: DocumentBody): Generator<DocumentFact> {
  yield* factsOf(body.when);
  for (const scope of scopesOf(body)) yield* factsOf(scope.where);
}
