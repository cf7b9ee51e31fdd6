import type { Condition } from '../rules/condition.ts';
import type { PromotionBody } from '../rules/normal.ts';
import type { OrderLine } from '../transaction/transaction.ts';
import { decidingBenefits } from './benefits.ts';

/**
 * What a promotion needs to find among the lines before it is worth looking at: articles,
 * categories, brands or partners. It is a necessary condition and no more.
 */

const ANCHOR_FACTS = ['sku', 'category', 'brand', 'partner'] as const;
type AnchorFact = (typeof ANCHOR_FACTS)[number];

/** One of the properties that a line may be found by, e.g. `sku:A`. */
export type Anchor = string;

/** Of these a line must have one; `undefined` when any line may do. */
export function anchorsOf(body: PromotionBody): ReadonlySet<Anchor> | undefined {
  const all = new Set<Anchor>();
  for (const { lines } of decidingBenefits(body)) {
    const found = lines.map(({ where }) => anchorsIn(where)).filter((one) => one !== undefined);
    const [fewest] = found.sort((one, two) => one.length - two.length);
    if (fewest === undefined) return undefined;
    for (const anchor of fewest) all.add(anchor);
  }
  return all;
}

function anchorsIn(condition: Condition): readonly Anchor[] | undefined {
  switch (condition.kind) {
    case 'never':
      return [];
    case 'all': {
      const found = condition.parts.map(anchorsIn).filter((one) => one !== undefined);
      return found.sort((one, two) => one.length - two.length)[0];
    }
    case 'any': {
      const found = condition.parts.map(anchorsIn);
      return found.every((one) => one !== undefined) ? found.flat() : undefined;
    }
    case 'fact':
      return isAnchorFact(condition.fact) ? valuesOf(condition.fact, condition.test) : undefined;
    default:
      return undefined;
  }
}

function isAnchorFact(fact: string): fact is AnchorFact {
  return (ANCHOR_FACTS as readonly string[]).includes(fact);
}

function valuesOf(
  fact: AnchorFact,
  test: Extract<Condition, { kind: 'fact' }>['test'],
): readonly Anchor[] | undefined {
  switch (test.operator) {
    case 'is':
    case 'has':
      return [`${fact}:${test.value}`];
    case 'in':
      return test.values.map((value) => `${fact}:${value}`);
    default:
      return undefined;
  }
}

/** Calls for every anchor of a line. */
export function forEachAnchor(line: OrderLine, visit: (anchor: Anchor) => void): void {
  visit(`sku:${line.sku}`);
  for (const category of line.category) visit(`category:${category}`);
  if (line.brand !== undefined) visit(`brand:${line.brand}`);
  if (line.partner !== undefined) visit(`partner:${line.partner}`);
}

/** Whether any line has any of the anchors. */
export function hasAnchor(
  lines: readonly OrderLine[],
  anchors: ReadonlySet<Anchor> | undefined,
): boolean {
  if (anchors === undefined) return true;
  return lines.some((line) => {
    let found = false;
    forEachAnchor(line, (anchor) => {
      found ||= anchors.has(anchor);
    });
    return found;
  });
}
