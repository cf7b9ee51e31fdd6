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

/** What lines may be found by, each with a map of its own: no text is put together to look up. */
export class AnchorMap<T> {
  readonly #bySku = new Map<string, T>();
  readonly #byCategory = new Map<string, T>();
  readonly #byBrand = new Map<string, T>();
  readonly #byPartner = new Map<string, T>();

  #mapOf(fact: string): Map<string, T> {
    if (fact === 'sku') return this.#bySku;
    if (fact === 'category') return this.#byCategory;
    return fact === 'brand' ? this.#byBrand : this.#byPartner;
  }

  /** The entry of an anchor, made when it is missing. */
  entry(anchor: Anchor, make: () => T): T {
    const colon = anchor.indexOf(':');
    const map = this.#mapOf(anchor.slice(0, colon));
    const value = anchor.slice(colon + 1);
    const found = map.get(value);
    if (found !== undefined) return found;
    const made = make();
    map.set(value, made);
    return made;
  }

  /** Calls for every entry that a line is found by. */
  visit(line: OrderLine, call: (entry: T) => void): void {
    const bySku = this.#bySku.get(line.sku);
    if (bySku !== undefined) call(bySku);
    if (this.#byCategory.size > 0) {
      for (const category of line.category) {
        const entry = this.#byCategory.get(category);
        if (entry !== undefined) call(entry);
      }
    }
    const byBrand = line.brand === undefined ? undefined : this.#byBrand.get(line.brand);
    if (byBrand !== undefined) call(byBrand);
    const byPartner = line.partner === undefined ? undefined : this.#byPartner.get(line.partner);
    if (byPartner !== undefined) call(byPartner);
  }
}

/** Calls for every anchor of a line. */
function forEachAnchor(line: OrderLine, visit: (anchor: Anchor) => void): void {
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
